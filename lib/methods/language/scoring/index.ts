export { InContextModel, inContextModel } from "./in-context";
export { LanguageOccupationModel } from "./language-model";
export type { ScoringOptions } from "./options";
export { TitleTrie } from "./title-trie";
