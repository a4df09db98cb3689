export * from "./long-format";
export * from "./nlsy-young-men";
export * from "./read-survey";
