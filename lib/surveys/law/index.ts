export { CareerLaw } from "./career-law";
export { educationOfLaw } from "./education-path";
export type { CovariateShares } from "./hypotheses";
export { law } from "./law";
export { type Oracle, oracle } from "./oracle";
export { oracleAhead } from "./oracle-ahead";
export { lawEthnicities, lawGenders, lawRegions } from "./parameters";
export type { LawPerson } from "./person";
export { Simulator } from "./simulate";
