export * from "./career";
export * from "./describe";
export * from "./panel";
export * from "./split";
export { genders, validateCareer } from "./validate";
export * from "./person-years";
