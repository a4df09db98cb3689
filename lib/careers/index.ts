export * from "./career";
export * from "./describe";
export * from "./panel";
export * from "./person-years";
export * from "./split";
export { genders, validateCareer } from "./validate";
