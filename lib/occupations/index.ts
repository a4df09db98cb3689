export * from "./title-set";
