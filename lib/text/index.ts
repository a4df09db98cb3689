export * from "./parse";
export { type Perturbation, perturbations, perturbedTitles, perturbTitle } from "./perturbations";
export {
  type CareerSegments,
  renderCareer,
  renderCareerSegments,
  type TemplateOptions,
  type TextCovariate,
  type TitleSpan,
  textCovariates,
} from "./template";
export * from "./titles";
export * from "./tokenizer";
export * from "./train-tokenizer";
export { type CareerWindow, careerWindows } from "./windows";
