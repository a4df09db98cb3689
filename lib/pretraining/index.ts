export * from "./corpus";
export {
  type DescribedOccupation,
  type OccupationGroup,
  readDescribedOccupations,
  readOccupationGroups,
} from "./occupations";
export { baseRecipe, type PretrainingRecipe, type PretrainingReport, pretrain } from "./pretrain";
