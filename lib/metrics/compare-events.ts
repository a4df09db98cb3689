import { UserError } from "../errors";
import type { TitleDistribution } from "../predictions";
import { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";
import { brierDecomposition, brierScores } from "./brier";
import { expectedCalibrationError, spiegelhalterTest } from "./calibration";
import { deLong } from "./delong";
import { exactly, normally } from "./estimate";
import {
  checkSameCases,
  counts,
  type EventForecast,
  eventForecast,
  type ForecastOptions,
  type TitleEvent,
} from "./events";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import { weightsOf } from "./perplexity";
import { personsOf } from "./persons";
import type { BinOptions } from "./reliability";
import { weightedAuc } from "./roc";

export interface EventComparisonOptions extends BootstrapOptions, BinOptions, ForecastOptions {
  /** The model that differences are to, by name. Default: the first. */
  reference?: string;
}

/**
 * How well models rank an event and how true their probabilities of it are, on the same person-years where it could happen:
 * - how often it did; the AUC, NaN where the event happened never or always; its standard errors in closed form, for years of
 *   a person that are independent (DeLong et al. 1988) and that are not (Obuchowski 1997);
 * - the Brier score and its terms (Murphy 1973): reliability - resolution + uncertainty + within bins; skill is 1 - score /
 *   uncertainty;
 * - the expected calibration error, its mean under a true model, and the one less the other, with the standard deviation
 *   under a true model for its error and the share of true models further off for its p; Spiegelhalter's z and its p.
 *
 * Other errors are by a bootstrap over persons; differences to the reference are paired: every number sees the same resamples.
 * @param survey of which the careers are
 * @param models predictions of the same careers, by the model's name
 * @returns by model, in the order given
 * @throws UserError if the person-years differ between models, there are none, the reference is no model, or weights
 * are asked for and a person-year has none
 */
export function compareEvents(
  survey: string,
  models: Readonly<Record<string, TitleDistribution>>,
  event: TitleEvent,
  options: EventComparisonOptions = {},
): Measurement[] {
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
  const shared = {
    ...{ survey, on: { transition: "all", event: event.name } as const },
    ...{ persons, personYears: happened.length },
  };
  return names.flatMap((model, m): Measurement[] => {
    const [area, areaDifference, brier, brierDifference] = estimates.slice(4 * m, 4 * m + 4);
    const { value, byChance, byChanceError, p } = expectedCalibrationError(forecasts[m], { bins, seed });
    const test = spiegelhalterTest(forecasts[m]);
    const terms = brierDecomposition(forecasts[m], { bins });
    const one = (measure: MeasureId, estimate: Estimate | number, more: Partial<Measurement> = {}) => ({
      ...{ ...shared, model, measure, ...more },
      estimate: typeof estimate === "number" ? exactly(estimate) : estimate,
    });
    return [
      one(
        "events",
        happened.reduce((sum, y) => sum + y, 0),
      ),
      one("AUC", area),
      one("DeLong error of AUC", deLong(forecasts[m], { independent: "row" }).standardError),
      one("DeLong error of AUC by person", deLong(forecasts[m]).standardError),
      one("AUC difference", areaDifference, { against: reference }),
      one("Brier score", { ...brier, value: terms.brier }),
      one("reliability", terms.reliability),
      one("resolution", terms.resolution),
      one("uncertainty", terms.uncertainty),
      one("within bins", terms.withinBins),
      one("Brier skill", terms.skill),
      one("Brier score difference", brierDifference, { against: reference }),
      one("calibration error", value),
      one("calibration error by chance", byChance),
      one("calibration error beyond chance", normally(value - byChance, byChanceError), { p }),
      one("Spiegelhalter's z", test.z, { p: test.p }),
    ];
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
