export * from "./career";
export * from "./panel";
