import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { currentSession } from "../session";

/** The nearest folder, from the given one upwards, that holds a package.json; the given one where none does. */
export function projectFolder(from = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return from;
  }
}

/**
 * Where figures and tables go: the session's folder (LABOR_LLM_FIGURES, which the notebook runner sets, so that those of a
 * failed run never show up), else figures/PROFILE of the project.
 */
export function figuresFolder(): string {
  const { figures, profile } = currentSession();
  return figures ?? join(projectFolder(), "figures", profile);
}

/**
 * Where the figures and tables of notebooks that ran before are: the folder into which the runner moves a notebook's
 * own once it has succeeded (LABOR_LLM_FIGURES_BEFORE, which the runner sets); without a runner, `figuresFolder`.
 */
export function earlierFiguresFolder(): string {
  return currentSession().earlierFigures ?? figuresFolder();
}
