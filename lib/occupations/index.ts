export * from "./special-states";
export * from "./title-set";
