import { perplexityComparison } from "../figures/perplexity";
import type { Figure } from "../figures/style";
import type { Measurement } from "../metrics/measurement";
import { axisTitle } from "../metrics/measures";

export interface ModelsFigure {
  title: string;
  /** What a model is called, where it is not by its name. */
  nameOf?: (one: Measurement) => string;
  /** A number to compare all with, drawn as a line: the uniform guess, or the law's. */
  reference?: { label: string; perplexity: number };
}

/** Perplexity of models from top to bottom, with 95 % intervals. @param measurements of one measure, one a model */
export function modelsFigure(
  measurements: readonly Measurement[],
  { title, nameOf = ({ model }) => model, reference }: ModelsFigure,
): Figure {
  const rows = measurements.map((one) => {
    const {
      value,
      interval: [low, high],
    } = one.estimate;
    return { model: nameOf(one), perplexity: value, low, high };
  });
  return perplexityComparison(rows, { title, reference, measure: axisTitle(measurements[0].measure) });
}
