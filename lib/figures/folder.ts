import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest folder, from the given one upwards, that holds a package.json; the given one where none does. */
export function projectFolder(from = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return from;
  }
}

/**
 * Where figures and tables go: LABOR_LLM_FIGURES where it is set (the notebook runner sets it, so that those of a
 * failed run never show up), else figures/PROFILE of the project.
 */
export function figuresFolder(): string {
  const profile = process.env.LABOR_LLM_PROFILE || "quick";
  return process.env.LABOR_LLM_FIGURES || join(projectFolder(), "figures", profile);
}

/**
 * Where the figures and tables of notebooks that ran before are: the folder into which the runner moves a notebook's
 * own once it has succeeded (LABOR_LLM_FIGURES_BEFORE, which the runner sets); without a runner, `figuresFolder`.
 */
export function earlierFiguresFolder(): string {
  return process.env.LABOR_LLM_FIGURES_BEFORE || figuresFolder();
}
