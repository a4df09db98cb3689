import { UserError } from "../errors";
import type { TitleDistribution } from "../models/title-distribution";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import { brierDecomposition, brierScores } from "./brier";
import { expectedCalibrationError, spiegelhalterTest } from "./calibration";
import { deLong } from "./delong";
import {
  checkSameCases,
  counts,
  type EventForecast,
  eventForecast,
  type ForecastOptions,
  type TitleEvent,
} from "./events";
import { weightsOf } from "./perplexity";
import { personsOf } from "./persons";
import type { BinOptions } from "./reliability";
import { weightedAuc } from "./roc";

export interface EventComparisonOptions extends BootstrapOptions, BinOptions, ForecastOptions {
  /** The model that differences are to, by name. Default: the first. */
  reference?: string;
}

/** One model on one event; flat, so that it is a row of a table. Bootstrap errors are over persons. */
export interface EventRow {
  event: string;
  model: string;
  persons: number;
  /** Person-years where the event could happen, and where it did. */
  personYears: number;
  events: number;
  /** Area under the ROC curve; NaN where the event happened never, or always. */
  auc: number;
  aucError: number;
  aucLow: number;
  aucHigh: number;
  /** Closed forms: years of a person independent (DeLong et al. 1988), and not (Obuchowski 1997). */
  aucErrorDeLong: number;
  aucErrorByPerson: number;
  brier: number;
  brierError: number;
  /** Murphy's terms: brier = reliability - resolution + uncertainty + withinBins. */
  reliability: number;
  resolution: number;
  uncertainty: number;
  withinBins: number;
  /** 1 - brier / uncertainty. */
  skill: number;
  /** Expected calibration error; mean and standard deviation of a true model's; share of true models further off. */
  calibrationError: number;
  calibrationErrorByChance: number;
  calibrationErrorByChanceError: number;
  calibrationP: number;
  /** Spiegelhalter's test that the probabilities are true. */
  spiegelhalterZ: number;
  spiegelhalterP: number;
  /** Name of the model that the differences are to, which are paired. */
  reference: string;
  aucDifference: number;
  aucDifferenceError: number;
  aucDifferenceLow: number;
  aucDifferenceHigh: number;
  brierDifference: number;
  brierDifferenceError: number;
  brierDifferenceLow: number;
  brierDifferenceHigh: number;
}

/**
 * How well models rank an event and how true their probabilities of it are, on the same person-years.
 * @param models predictions of the same careers, by the model's name
 * @returns a row for each model, in the order given
 * @throws UserError if the person-years differ between models, there are none, the reference is no model, or weights
 * are asked for and a person-year has none
 */
export function compareEvents(
  models: Readonly<Record<string, TitleDistribution>>,
  event: TitleEvent,
  options: EventComparisonOptions = {},
): EventRow[] {
  const names = Object.keys(models);
  const { reference = names[0], seed, bins } = options;
  const base = names.indexOf(reference);
  if (base < 0) {
    throw new UserError(
      `the reference "${reference}" is not among the models`,
      `Name one of ${names.join(", ")}.`,
    );
  }
  const weight = options.weighted ? weightsOf(models[reference]) : undefined;
  const forecasts = names.map((name) => eventForecast({ ...models[name], weight }, event, options));
  checkSameCases(Object.fromEntries(names.map((name, m) => [name, forecasts[m]])));
  const [{ happened, person }] = forecasts;
  if (happened.length === 0) {
    throw new UserError(`no person-year could be "${event.name}"`, "Give careers of more than one year.");
  }
  const { persons, position } = personsOf(person);
  const areas = forecasts.map(weightedAuc);
  const briers = forecasts.map(byPerson(persons, position, brierScores));
  const rows = byPerson(persons, position, () => new Float64Array(happened.length).fill(1))(forecasts[base]);
  const estimates = bootstrapByPerson(
    persons,
    (times) => {
      const area = areas.map((of) => of((n) => times[position[n]])); // (models)
      const total = dot(times, rows);
      const brier = briers.map((sums) => dot(times, sums) / total); // (models)
      return names.flatMap((_, m) => [area[m], area[m] - area[base], brier[m], brier[m] - brier[base]]);
    },
    options,
  );
  return names.map((model, m) => {
    const [area, areaDifference, brier, brierDifference] = estimates.slice(4 * m, 4 * m + 4);
    const calibration = expectedCalibrationError(forecasts[m], { bins, seed });
    const test = spiegelhalterTest(forecasts[m]);
    const { brier: score, ...terms } = brierDecomposition(forecasts[m], { bins });
    return {
      event: event.name,
      model,
      persons,
      personYears: happened.length,
      events: happened.reduce((sum, y) => sum + y, 0),
      auc: area.value,
      aucError: area.standardError,
      aucLow: area.interval[0],
      aucHigh: area.interval[1],
      aucErrorDeLong: deLong(forecasts[m], { independent: "row" }).standardError,
      aucErrorByPerson: deLong(forecasts[m]).standardError,
      brier: score,
      brierError: brier.standardError,
      ...terms,
      calibrationError: calibration.value,
      calibrationErrorByChance: calibration.byChance,
      calibrationErrorByChanceError: calibration.byChanceError,
      calibrationP: calibration.p,
      spiegelhalterZ: test.z,
      spiegelhalterP: test.p,
      reference,
      aucDifference: areaDifference.value,
      aucDifferenceError: areaDifference.standardError,
      aucDifferenceLow: areaDifference.interval[0],
      aucDifferenceHigh: areaDifference.interval[1],
      brierDifference: brierDifference.value,
      brierDifferenceError: brierDifference.standardError,
      brierDifferenceLow: brierDifference.interval[0],
      brierDifferenceHigh: brierDifference.interval[1],
    };
  });
}

/** Weighted sums over the rows of each person. */
function byPerson(persons: number, position: Int32Array, value: (forecast: EventForecast) => Float64Array) {
  return (forecast: EventForecast): Float64Array => {
    const sums = new Float64Array(persons);
    const w = counts(forecast);
    value(forecast).forEach((x, n) => {
      sums[position[n]] += w(n) * x;
    });
    return sums;
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
