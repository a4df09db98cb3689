import { linesWithIntervals } from "../figures/intervals";
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

export interface LinesFigure {
  title: string;
  xTitle: string;
  /** Default: the measure's. */
  yTitle?: string;
  /** Where a number stands on the x axis; undefined leaves it out. */
  xOf: (one: Measurement) => number | undefined;
  /** The x axis' places. Default: those of the numbers. */
  places?: readonly number[];
  /** Places with a name, each a dotted line. */
  named?: readonly { x: number; label: string }[];
}

/** One line a model over years or horizons, with 95 % intervals. @param measurements of one measure */
export function linesFigure(
  measurements: readonly Measurement[],
  { title, xTitle, yTitle, xOf, places, named }: LinesFigure,
): Figure {
  const found = measurements.map(xOf).filter((x) => x !== undefined);
  const x = places ?? [...new Set(found)].sort((a, b) => a - b);
  const models = [...new Set(measurements.map(({ model }) => model))];
  const series = models.map((name) => {
    // NaN where a model has no number.
    const at = (of: (one: Measurement) => number) =>
      x.map((place) => {
        const one = measurements.find((own) => own.model === name && xOf(own) === place);
        return one === undefined ? NaN : of(one);
      });
    return {
      name,
      y: at(({ estimate }) => estimate.value),
      low: at(({ estimate }) => estimate.interval[0]),
      high: at(({ estimate }) => estimate.interval[1]),
    };
  });
  const [{ measure }] = measurements;
  return linesWithIntervals(x, series, { title, xTitle, yTitle: yTitle ?? axisTitle(measure), named });
}
