export * from "./tokenizer";
export * from "./train-tokenizer";
