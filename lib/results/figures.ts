import {
  type Figure,
  type ForestOptions,
  forestPlot,
  linesWithIntervals,
  perplexityComparison,
  type ResponseOptions,
  type ResponseSeries,
  responseByDose,
} from "../figures";
import { axisTitle, everyone, type Measurement, measures } from "../metrics";

export interface ModelsFigure {
  title: string;
  /** Title of the axis. Default: the measure's (`axisTitle`). */
  axis?: string;
  /** What a model is called, where it is not by its name. */
  nameOf?: (one: Measurement) => string;
  /** A number to compare all with, drawn as a line: the uniform guess, or the law's. */
  reference?: { label: string; perplexity: number };
}

/** Perplexity of models from top to bottom, with 95 % intervals. @param measurements of one measure, one a model */
export function modelsFigure(
  measurements: readonly Measurement[],
  { title, axis, nameOf = ({ model }) => model, reference }: ModelsFigure,
): Figure {
  const rows = measurements.map((one) => {
    const { value, ...ends } = endsOf(one);
    return { model: nameOf(one), perplexity: value, ...ends };
  });
  const measure = axis ?? axisTitle(measurements[0].measure);
  return perplexityComparison(rows, { title, reference, measure });
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

export interface DosesFigure extends Omit<ResponseOptions, "measure" | "scale" | "reference"> {
  /** The lines, of models at doses; what is not measured is left out. */
  lines?: readonly DoseLine[];
  /** In place of them: on which lines a measurement stands, and at which dose; on several where lines share it. */
  at?: (one: Measurement) => readonly { line: string; dose: number }[];
  /** A number to compare all with, drawn as a line: the law's, under its name. */
  reference?: ResponseOptions["reference"] | Measurement;
  /** Title of the vertical axis, where it says more than the measure's own: what a difference is to. */
  axis?: string;
}

/** A measure against a dose, with 95 % intervals. @param measurements of one measure */
export function dosesFigure(
  measurements: readonly Measurement[],
  { lines = [], at = placedOn(lines), axis, reference, ...options }: DosesFigure,
): Figure {
  const [{ measure }] = measurements;
  const points = new Map<string, ResponseSeries["points"]>(lines.map(({ name }) => [name, []]));
  for (const one of measurements) {
    for (const { line, dose } of at(one)) {
      points.set(line, [...(points.get(line) ?? []), { dose, ...endsOf(one) }]);
    }
  }
  const series = [...points].map(([name, own]) => ({ name, points: own }));
  return responseByDose(
    series.filter((one) => one.points.length > 0),
    {
      ...options,
      ...{ scale: measures[measure].scale, measure: axis ?? axisTitle(measure, false) },
      reference:
        reference !== undefined && "estimate" in reference
          ? { label: reference.model, value: reference.estimate.value }
          : reference,
    },
  );
}

/** Where models stand on lines. */
function placedOn(lines: readonly DoseLine[]): NonNullable<DosesFigure["at"]> {
  return ({ model }) =>
    lines.flatMap(({ name, points }) =>
      points.filter((one) => one.model === model).map(({ dose }) => ({ line: name, dose })),
    );
}

export interface ForestFigure extends Omit<ForestOptions, "measure" | "log"> {
  /** Under which heading and in which group a measurement stands, and whose it is. Default: those of its slice. */
  at?: (one: Measurement) => { of: string; group: string; model: string };
  /** Title of the axis, where it says more than the measure's own: what a difference is to. */
  axis?: string;
}

/**
 * Groups from top to bottom under headings, each model's number with its 95 % interval; what is of no group is everyone's.
 * @param measurements of one measure
 * @throws UserError if there is none
 */
export function forestFigure(
  measurements: readonly Measurement[],
  { at = inItsGroup, axis, ...options }: ForestFigure,
): Figure {
  const rows = measurements.map((one) => ({ ...at(one), persons: one.persons, ...endsOf(one) }));
  const [measure = "perplexity"] = measurements.map((one) => one.measure);
  const log = measures[measure].scale === "log";
  return forestPlot(rows, { ...options, log, measure: axis ?? axisTitle(measure) });
}

function inItsGroup({ on: { group = everyone }, model }: Measurement) {
  return { of: group.of, group: group.is, model };
}

function endsOf({ estimate: { value, interval } }: Measurement) {
  const [low, high] = interval;
  return { value, low, high };
}
