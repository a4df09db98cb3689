export * from "./coverage";
export * from "./crosswalk";
export { nonOccupations, type Vintage, vintages } from "./crosswalk-tables";
export * from "./groups";
export * from "./occupations";
export * from "./special-states";
export * from "./title-set";
export * from "./vintage-of";
