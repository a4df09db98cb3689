export { baseRecipe, pretrain } from "./pretrain";
