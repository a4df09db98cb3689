import { type Measured, pValueOf, standingOf } from "../metrics/standing";
import { orderInWords } from "./claims";
import type { ChangeFailure, ChangeRow, ForecastRow } from "./compare-change";
import { LAW_BEFORE } from "./compare-change";
import { ORACLE } from "./compare-methods";

/** What changes cost as rows of a table; what could not be run keeps its row. */
export function changeRows(rows: readonly ChangeRow[], failures: readonly ChangeFailure[] = []) {
  return [
    ...rows.map((row) => ({
      survey: row.survey,
      change: `${row.year}: ${row.what}`,
      model: row.model,
      "person-years after": row.personYears,
      "person-years to train": row.trainedOn?.before,
      "person-years to train, informed": row.trainedOn?.informed,
      before: row.before,
      "standard error, before": row.beforeError,
      after: row.after,
      "standard error, after": row.afterError,
      "after, if trained on those years too": row.informed,
      "standard error, informed": row.informedError,
      "cost of not knowing, nats": row.cost,
      "standard error, cost": row.costError,
      note: "",
    })),
    ...failures.map(({ survey, year, what, model, reason }) => ({
      survey,
      change: `${year}: ${what}`,
      model,
      note: `not run: ${reason}`,
    })),
  ];
}

/**
 * What a break costs beyond the passing of years: the cost on the survey with the break less that on its twin without
 * it. The persons are the same, but their later lives are not, so the errors are taken as independent, which is on the safe side.
 */
export function breakClaims(broken: readonly ChangeRow[], twin: readonly ChangeRow[]) {
  return broken.map((row) => {
    const control = twin.find(({ model }) => model === row.model)!;
    const ours = row.cost - control.cost;
    const error = Math.hypot(row.costError, control.costError);
    const text =
      row.model === LAW_BEFORE
        ? "The law before the break loses after it"
        : `The break costs beyond the passing of years: ${row.model}`;
    return changeClaim(
      row.survey,
      text,
      { value: ours, standardError: error },
      "holds: known by construction",
      row.model === LAW_BEFORE ? "test persons; nothing is fitted" : undefined,
    );
  });
}

/** Whether training before a year costs, in years after it. */
export function costClaims(rows: readonly ChangeRow[]) {
  return rows.map(({ survey, year, model, cost, costError }) =>
    changeClaim(
      survey,
      `Years from ${year} on are worth knowing: ${model}`,
      { value: cost, standardError: costError },
      "holds, beyond its error",
    ),
  );
}

function changeClaim(survey: string, claim: string, ours: Measured, yes: string, over?: string) {
  const { value, standardError } = ours;
  return {
    ...{
      survey,
      claim,
      published: "not at hand",
      "ours, nats": value,
      "standard error, nats": standardError,
      "whole error over": over,
    },
    p: pValueOf(ours),
    verdict: standingOf(ours) === "above" ? yes : orderInWords(ours, 0, false),
  };
}

/** Forecasts by simulated careers as rows of a table. */
export function forecastRows(rows: readonly ForecastRow[], failures: readonly ChangeFailure[] = []) {
  return [
    ...rows.map((row) => ({
      survey: row.survey,
      model: row.model,
      year: row.year,
      persons: row.persons,
      perplexity: row.perplexity,
      "standard error": row.perplexityError,
      "Monte Carlo error of mean ln P": row.monteCarloError,
      "one year ahead": row.oneYear,
      "standard error, one year ahead": row.oneYearError,
      note: "",
    })),
    ...failures.map(({ survey, year, model, reason }) => ({
      survey,
      model,
      year,
      note: `not run: ${reason}`,
    })),
  ];
}

/** Perplexity by year of one model, for a figure. */
export function forecastSeries(rows: readonly ForecastRow[], model: string) {
  const own = rows.filter((row) => row.model === model);
  return {
    name: model === ORACLE ? "Oracle" : model,
    y: own.map(({ perplexity }) => perplexity),
    low: own.map(({ perplexityLow }) => perplexityLow),
    high: own.map(({ perplexityHigh }) => perplexityHigh),
  };
}
