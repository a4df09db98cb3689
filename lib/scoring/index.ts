export * from "./language-model";
export * from "./score-titles";
export * from "./title-trie";
