export { type Break, CareerLaw, type LawVariant } from "./career-law";
export { educationOfLaw } from "./education-path";
export type { CovariateShares } from "./hypotheses";
export { type LawOptions, law, structuralChange } from "./law";
export { type Oracle, oracle } from "./oracle";
export { oracleAhead } from "./oracle-ahead";
export type { LawCoefficients, LawStructure } from "./parameters";
export type { LawPerson, LawState, LawType } from "./person";
export { type LawYear, Simulator } from "./simulate";
