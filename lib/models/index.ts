export { type EmpiricalModel, type EmpiricalOptions, fitEmpirical, type TrainingCareers } from "./empirical";
export { fitMarkov, type MarkovModel, type MarkovOptions } from "./markov";
export * from "./occupation-model";
export * from "./title-distribution";
