import { responseByDose } from "../figures/doses";
import { linesWithIntervals } from "../figures/intervals";
import { perplexityComparison } from "../figures/perplexity";
import type { Figure } from "../figures/style";
import type { Measurement } from "../metrics/measurement";
import { axisTitle, measures } from "../metrics/measures";

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

/** Models that differ in how much they have of one thing, as points of a line. */
export interface DoseLine {
  name: string;
  points: readonly { dose: number; model: string }[];
}

export interface DoseFigure {
  title: string;
  /** Title of the axis of doses, with its unit. */
  dose: string;
  /** What is not measured is left out. */
  lines: readonly DoseLine[];
  /** "log": doses at their logarithms; "even": at equal steps, for doses among which is zero. Default "log". */
  spacing?: "log" | "even";
  /** A number to compare all with, drawn as a line with the model's name: the law's, where it is known. */
  reference?: Measurement;
}

/** A measure against a dose, with 95 % intervals. @param measurements of one measure, one a model */
export function doseFigure(
  measurements: readonly Measurement[],
  { lines, reference, ...options }: DoseFigure,
): Figure {
  const byModel = new Map(measurements.map(({ model, estimate }) => [model, estimate]));
  const series = lines.map(({ name, points }) => ({
    name,
    points: points.flatMap(({ dose, model }) => {
      const estimate = byModel.get(model);
      if (estimate === undefined) return [];
      const [low, high] = estimate.interval;
      return [{ dose, value: estimate.value, low, high }];
    }),
  }));
  const [{ measure }] = measurements;
  return responseByDose(
    series.filter(({ points }) => points.length > 0),
    {
      ...options,
      ...{ measure: axisTitle(measure), scale: measures[measure].scale },
      ...(reference && { reference: { label: reference.model, value: reference.estimate.value } }),
    },
  );
}
