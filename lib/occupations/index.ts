export * from "./crosswalk";
export * from "./occupations";
export * from "./special-states";
export * from "./title-set";
