export { type BlockPlan, planBlocks } from "./blocks";
export { removeCheckpoints } from "./checkpoints";
export type { CollatedCall, Collation } from "./collation";
export { type Layout, planLayouts } from "./layouts";
export { defaultTraining, type TrainingOptions } from "./options";
export { meanLoss } from "./step";
export { type TrainingControl, type TrainingResult, train } from "./train";
export { type LossAndGradients, namedGradients, type Trainable, type TrainingPass } from "./trainable";
