export * from "./occupation-model";
export * from "./title-distribution";
