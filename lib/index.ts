export * from "./careers";
export * from "./errors";
export * from "./models";
export * from "./occupations";
export { Random } from "./random";
