export { fitEmpirical, type TrainingCareers } from "./empirical";
export { entryShares, type MarkovModel } from "./markov";
export { composeMarkov } from "./markov-powers";
export { empirical, markov } from "./tables";
