export * from "./career";
export * from "./describe";
export * from "./education";
export * from "./panel";
export * from "./person-years";
export * from "./published-split";
export * from "./row-account";
export * from "./split";
export { genders, validateCareer } from "./validate";
