import { type NamedExperiment, runExperiment, showFit, splitOf } from "../experiments";
import { type ComparisonOptions, type Measurement, measurePerplexity, perplexity } from "../metrics";
import type { ObservedScores } from "../predictions";

/** Settings as the validation persons see them. */
export interface Choice {
  /** Label of the one with the least perplexity. */
  chosen: string;
  /** Of all, on the person-years of the validation persons; differences are to the chosen one. */
  measurements: Measurement[];
}

/** Chooses among experiments of one survey by the perplexity of the validation persons, whom the test never sees. */
export async function chooseByValidation(
  experiments: readonly NamedExperiment[],
  options: Omit<ComparisonOptions, "reference" | "kinds"> = {},
): Promise<Choice> {
  const scores: Record<string, ObservedScores> = {};
  for (const { label, experiment } of experiments) {
    const outcome = await runExperiment({ ...experiment, predicts: "validation" }, showFit(label));
    scores[label] = outcome.scores;
  }
  const { weighted } = options;
  const perplexityOf = (label: string) => perplexity(scores[label], { weighted });
  const chosen = Object.keys(scores).reduce((best, label) =>
    perplexityOf(label) < perplexityOf(best) ? label : best,
  );
  const survey = splitOf(experiments[0].experiment).test.name;
  const found = measurePerplexity(survey, scores, { ...options, kinds: ["all"], reference: chosen });
  return {
    chosen,
    measurements: found.map((one) => ({ ...one, on: { ...one.on, predicts: "validation" } })),
  };
}
