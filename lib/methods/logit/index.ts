export { DenseSoftmax, denseLogProbabilities } from "./dense-softmax";
export { multinomialLogit, twoStageRegression } from "./logits";
export { trainingHistories } from "./multinomial-logit";
export {
  fitRidge,
  type RidgeOptions,
  type RidgeTrial,
  restoreTrials,
  storedTrial,
  storeTrials,
} from "./ridge";
