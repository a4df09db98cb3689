import { forestPlot } from "../figures/forest";
import { perplexityComparison } from "../figures/perplexity";
import { reliabilityPanels } from "../figures/reliability";
import { rocPanels } from "../figures/roc";
import type { Figure } from "../figures/style";
import type { EventForecast } from "../metrics/events";
import { everyone, type Measurement, only, where } from "../metrics/measurement";
import { axisTitle, measures } from "../metrics/measures";
import { reliabilityBins } from "../metrics/reliability";
import { rocCurve } from "../metrics/roc";

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

export interface GroupsFigure {
  title: string;
  /** Title of the axis. Default: the measure's (`axisTitle`). */
  axis?: string;
  /** A value to compare all with, drawn as a line. */
  reference?: { label: string; value: number };
}

/**
 * Groups from top to bottom, each model's number with its 95 % interval; what is of no group is everyone's.
 * @param measurements of one measure on one survey
 * @throws UserError if there is none
 */
export function groupsFigure(
  measurements: readonly Measurement[],
  { title, axis, reference }: GroupsFigure,
): Figure {
  const rows = measurements.map(({ on: { group = everyone }, persons, model, estimate }) => {
    const {
      value,
      interval: [low, high],
    } = estimate;
    return { of: group.of, group: group.is, persons, model, value, low, high };
  });
  const [measure = "perplexity"] = measurements.map((one) => one.measure);
  const log = measures[measure].scale === "log";
  return forestPlot(rows, { title, measure: axis ?? axisTitle(measure), log, reference });
}

export interface EventFigure {
  title: string;
  /** The probabilities that a measurement is of. */
  forecastOf: (one: Measurement) => EventForecast;
}

/** ROC curves of models, a panel an event, with the areas and their 95 % intervals. @param measurements AUCs on one survey */
export function rocFigure(measurements: readonly Measurement[], { title, forecastOf }: EventFigure): Figure {
  const events = [...new Set(measurements.map(({ on: { event = "" } }) => event))];
  const panels = events.map((event) => ({
    title: event[0].toUpperCase() + event.slice(1),
    lines: where(measurements, { on: { event } }).map((one) => {
      const {
        value: auc,
        interval: [low, high],
      } = one.estimate;
      return { model: one.model, ...rocCurve(forecastOf(one)), auc, low, high };
    }),
  }));
  return rocPanels(panels, { title });
}

/**
 * Probability against frequency of an event, a panel a model.
 * @param measurements calibration errors of one event on one survey, and those by chance
 * @param options.bins of the calibration errors
 */
export function reliabilityFigure(
  measurements: readonly Measurement[],
  { title, forecastOf, bins }: EventFigure & { bins: number },
): Figure {
  const panels = where(measurements, { measure: "calibration error" }).map((one) => {
    const { model, on, estimate } = one;
    const byChance = only(measurements, { model, on, measure: "calibration error by chance" }).estimate;
    return {
      title: model,
      note: `calibration error ${estimate.value.toFixed(3)}, by chance ${byChance.value.toFixed(3)}`,
      points: reliabilityBins(forecastOf(one), { bins }),
    };
  });
  return reliabilityPanels(panels, { title, event: `"${measurements[0].on.event}"` });
}
