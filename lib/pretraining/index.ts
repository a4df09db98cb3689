export * from "./corpus";
export {
  type Occupation as DescribedOccupation,
  type OccupationGroup,
  readGroups as readOccupationGroups,
  readOccupations as readDescribedOccupations,
} from "./occupations";
export { baseRecipe, type PretrainingRecipe, type PretrainingReport, pretrain } from "./pretrain";
