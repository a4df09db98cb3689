import { type ComparisonOptions, comparePerplexity } from "../metrics/compare";
import type { TitleDistribution } from "../models/title-distribution";
import type { NamedExperiment } from "./compare-methods";
import { runExperiment } from "./experiment";
import { showFit } from "./progress";

/** A setting as the validation persons see it. */
export interface ValidationRow {
  label: string;
  perplexity: number;
  standardError: number;
  /** Mean of -ln P less that of the chosen one, in nats, paired. */
  aboveChosen: number;
  aboveChosenError: number;
  chosen: boolean;
}

/**
 * Chooses among experiments of one survey by the perplexity of the validation persons, whom the test never sees.
 * @returns a row for each, the chosen one marked
 */
export async function chooseByValidation(
  experiments: readonly NamedExperiment[],
  options: Omit<ComparisonOptions, "reference" | "kinds"> = {},
): Promise<ValidationRow[]> {
  const distributions: Record<string, TitleDistribution> = {};
  for (const { label, experiment } of experiments) {
    const outcome = await runExperiment({ ...experiment, predicts: "validation" }, showFit(label));
    distributions[label] = outcome.distribution;
  }
  const first = comparePerplexity(distributions, { ...options, kinds: ["all"] });
  const best = first.reduce((least, row) => (row.perplexity < least.perplexity ? row : least));
  const rows = comparePerplexity(distributions, { ...options, kinds: ["all"], reference: best.model });
  return rows.map((row) => ({
    label: row.model,
    perplexity: row.perplexity,
    standardError: row.perplexityError,
    aboveChosen: row.logRatio,
    aboveChosenError: row.logRatioError,
    chosen: row.model === best.model,
  }));
}
