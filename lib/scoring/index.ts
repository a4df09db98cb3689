export { disposePrefix, readPrefix, type SharedPrefix } from "./career-pass";
export type { ExampleChoice } from "./example-careers";
export { type InContextModel, type InContextOptions, inContextModel } from "./in-context";
export * from "./language-model";
export { observedLogProbability } from "./observed";
export type { ScoringCost, ScoringOptions } from "./options";
export { type ScoredCareer, scoreTitles, type TitleScores } from "./score-titles";
export { TitleTrie, type TrieNode } from "./title-trie";
