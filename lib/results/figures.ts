import { type ResponseOptions, type ResponseSeries, responseByDose } from "../figures/doses";
import { type ForestOptions, forestPlot } from "../figures/forest";
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
    const { value, ...ends } = endsOf(one);
    return { model: nameOf(one), perplexity: value, ...ends };
  });
  return perplexityComparison(rows, { title, reference, measure: axisTitle(measurements[0].measure) });
}

export interface DosesFigure extends Omit<ResponseOptions, "measure" | "scale"> {
  /** On which lines a measurement stands, and at which dose; on several where lines share it. */
  at: (one: Measurement) => readonly { line: string; dose: number }[];
  /** Title of the vertical axis, where it says more than the measure's own: what a difference is to. */
  axis?: string;
}

/** A measure against a dose, with 95 % intervals. @param measurements of one measure */
export function dosesFigure(
  measurements: readonly Measurement[],
  { at, axis, ...options }: DosesFigure,
): Figure {
  const [{ measure }] = measurements;
  const lines = new Map<string, ResponseSeries["points"]>();
  for (const one of measurements) {
    for (const { line, dose } of at(one)) {
      lines.set(line, [...(lines.get(line) ?? []), { dose, ...endsOf(one) }]);
    }
  }
  const series = [...lines].map(([name, points]) => ({ name, points }));
  const { scale } = measures[measure];
  return responseByDose(series, { ...options, scale, measure: axis ?? axisTitle(measure, false) });
}

export interface ForestFigure extends Omit<ForestOptions, "measure" | "log"> {
  /** Under which heading and in which group a measurement stands, and whose it is. */
  at: (one: Measurement) => { of: string; group: string; model: string };
  /** Title of the axis, where it says more than the measure's own: what a difference is to. */
  axis?: string;
}

/** Groups from top to bottom under headings, with 95 % intervals. @param measurements of one measure */
export function forestFigure(
  measurements: readonly Measurement[],
  { at, axis, ...options }: ForestFigure,
): Figure {
  const [{ measure }] = measurements;
  const rows = measurements.map((one) => ({ ...at(one), persons: one.persons, ...endsOf(one) }));
  const log = measures[measure].scale === "log";
  return forestPlot(rows, { ...options, log, measure: axis ?? axisTitle(measure) });
}

function endsOf({ estimate: { value, interval } }: Measurement) {
  const [low, high] = interval;
  return { value, low, high };
}
