import { type Figure, reliabilityPanels, rocPanels } from "../figures";
import { type EventForecast, type Measurement, only, reliabilityBins, rocCurve, where } from "../metrics";

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
