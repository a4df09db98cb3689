export { namedYears } from "./ordinary-years";
export { worldChanges } from "./world-changes";
