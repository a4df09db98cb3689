export type { Career, Covariates, Observation } from "./career";
export { demandPersons, type SplitPart } from "./demand-persons";
export { describePanel, type PanelDescription, type Share } from "./describe";
export { type EducationLevel, educationLevels } from "./education";
export { longestCareer, medianCareer } from "./examples";
export type { KnownLaw, LawChange } from "./known-law";
export { type CareerPanel, withWhatItTells } from "./panel";
export { countPersonYears, personYears } from "./person-years";
export { checkPooled, type PooledCareers, pooled, unitMean, type WeightedCareers } from "./pool";
export { effectiveNumber, rakedWeights } from "./rake";
export { RowAccount } from "./row-account";
export { limitSplit, type PartLimits, samplePersons } from "./sample";
export { shortHistories } from "./short-histories";
export { type PanelSplit, splitByPerson } from "./split";
export { splitYears, thinToSteps, within, type YearSplit } from "./split-years";
export { sharesByYear, transitionTable } from "./tabulate";
export {
  genders,
  type Problem,
  type TextField,
  textProblem,
  validateCareer,
  validateHistory,
  yearProblem,
} from "./validate";
