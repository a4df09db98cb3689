import type { Career } from "../../careers";
import { UserError } from "../../errors";
import {
  type Experiment,
  type ForecastPlan,
  forecastExperiment,
  inAsManySteps,
  ORACLE,
  splitOf,
} from "../../experiments";
import { digest } from "../../files";
import { type BootstrapOptions, type Measurement, measureConsistency } from "../../metrics";
import {
  type Ahead,
  aheadBy,
  type Forecast,
  joinForecasts,
  selectForecast,
  yearsAhead,
} from "../../predictions";
import type { Skipped } from "../../results";
import { oracleAhead, oracleOf } from "../../surveys";

/** Direct and composed predictions of one method, over some numbers of years. */
export interface AheadPlan {
  label: string;
  /** What makes the one-year predictions. */
  experiment: Experiment;
  /** Years ahead. */
  years: readonly number[];
  /**
   * "trained": for each number of years, the method is fitted anew on observations that far apart, in as many steps.
   * "asked": the one-year model is asked for the later year, though it may have seen no such gap.
   */
  direct: "trained" | "asked";
  composed: Omit<Extract<ForecastPlan, { how: "composed" }>, "how">;
}

/** One method, one number of years, or all of them together. */
export interface AheadResult {
  survey: string;
  label: string;
  years: number | "all";
  how: AheadPlan["direct"];
  /** What makes the predictions, and a key of it: plans with the same composed predictions have the same. */
  method: string;
  composedBy: string;
  /** Test persons, by the `person` of the forecasts. */
  ids: readonly string[];
  forecasts: { direct: Forecast; composed: Forecast };
  /** Of `measureConsistency`, each predicted year of a person counted as a person-year. */
  measurements: Measurement[];
}

/** Runs direct and composed predictions of some methods. What cannot be run is told. */
export async function compareAhead(
  plans: readonly AheadPlan[],
  options: BootstrapOptions = {},
): Promise<{ results: AheadResult[]; skipped: Skipped[] }> {
  const results: AheadResult[] = [];
  const skipped: Skipped[] = [];
  for (const plan of plans) {
    const { label, experiment } = plan;
    const attempt = async <T>(years: number, make: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await make();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const on = { transition: "all", ahead: years } as const;
        skipped.push({ survey: experiment.survey, model: label, on, reason: error.message });
        return undefined;
      }
    };
    // Predictions over more years are those over fewer and some besides: plans share them.
    const alike = plans.filter((other) => composedKey(other) === composedKey(plan));
    const years = [...new Set(alike.flatMap((other) => other.years))].sort((a, b) => a - b);
    const composed = await attempt(Math.max(...years), () => composeAll({ ...plan, years }));
    if (composed === undefined) continue;
    const own: AheadResult[] = [];
    for (const years of plan.years) {
      const result = await attempt(years, () => compareOne(plan, composed, years, options));
      if (result !== undefined) own.push(result);
    }
    results.push(...own);
    if (own.length > 1) results.push(together(own, options));
  }
  return { results, skipped };
}

/** Plans of one key compose the same one-year predictions in the same way. */
function composedKey({ experiment, composed }: AheadPlan): string {
  return digest([experiment, composed]);
}

interface Composed {
  careers: readonly Career[];
  aheads: Ahead[];
  forecast: Forecast;
}

/** All numbers of years at once: predictions from one point of a career share their paths. */
async function composeAll({ experiment, years, composed }: AheadPlan): Promise<Composed> {
  const split = splitOf(experiment);
  const { careers } = split.test;
  const aheads = years.flatMap((ahead) => aheadBy(careers, ahead));
  const plan: ForecastPlan = { how: "composed", ...composed };
  return { careers, aheads, forecast: await forecastExperiment(experiment, split, careers, aheads, plan) };
}

async function compareOne(
  plan: AheadPlan,
  { careers, aheads: all, forecast }: Composed,
  years: number,
  options: BootstrapOptions,
): Promise<AheadResult> {
  const { label, experiment, direct: how } = plan;
  const aheads = all.filter((ahead) => yearsAhead(careers, ahead) === years);
  if (aheads.length === 0) {
    throw new UserError(
      `${experiment.survey}: no test person is observed ${years} years after another observation`,
      "Ask for fewer years.",
    );
  }
  const composed = selectForecast(forecast, (n) => yearsAhead(careers, all[n]) === years);
  const step = how === "trained" ? years : 1;
  const thinned = step === 1 ? experiment : inAsManySteps({ ...experiment, step }, experiment);
  const split = splitOf(thinned);
  const direct = await forecastExperiment(thinned, split, careers, aheads, { how: "direct", step });
  const survey = split.test.name;
  const of = { survey, model: label, on: { transition: "all", ahead: years } } as const;
  return {
    ...{ survey, label, years, how, method: experiment.method, composedBy: composedKey(plan) },
    measurements: measureConsistency(
      of,
      direct.distribution,
      composed.distribution,
      composed.monteCarloError,
      options,
    ),
    ids: careers.map(({ person }) => person),
    forecasts: { direct, composed },
  };
}

/** All numbers of years as one; forecasts from one point share their paths, so that the Monte Carlo error is a lower bound. */
function together(results: readonly AheadResult[], options: BootstrapOptions): AheadResult {
  const [{ survey, label, how, method, composedBy, ids }] = results;
  const direct = joinForecasts(results.map(({ forecasts }) => forecasts.direct));
  const composed = joinForecasts(results.map(({ forecasts }) => forecasts.composed));
  const years = results.flatMap((one) =>
    Array.from(one.forecasts.direct.distribution.observed, () => one.years as number),
  );
  const of = { survey, model: label, on: { transition: "all", ahead: "all" } } as const;
  return {
    ...{ survey, label, years: "all", how, method, composedBy, ids, forecasts: { direct, composed } },
    measurements: measureConsistency(
      of,
      direct.distribution,
      composed.distribution,
      composed.monteCarloError,
      { ...options, years },
    ),
  };
}

/** The law's own predictions over some years beside a method's: what there was to know. Synthetic surveys only. */
export function truthAhead(
  experiment: Experiment,
  years: readonly number[],
): { label: string; years: number; forecast: Forecast }[] {
  const { test } = splitOf(experiment);
  const oracle = oracleOf(test);
  if (oracle === undefined) return [];
  return years.map((ahead) => ({
    ...{ label: ORACLE, years: ahead },
    forecast: oracleAhead(oracle, test.careers, aheadBy(test.careers, ahead)),
  }));
}
