import { type Finding, judge } from "../results";
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
export function breakClaims(broken: readonly ChangeRow[], twin: readonly ChangeRow[]): Finding[] {
  return broken.map((row) => {
    const control = twin.find(({ model }) => model === row.model)!;
    const isLaw = row.model === LAW_BEFORE;
    return judge(
      {
        says: isLaw
          ? "The law before the break loses after it"
          : `The break costs beyond the passing of years: ${row.model}`,
        expects: { is: "above", bound: 0 },
        sides: { above: "known by construction" },
      },
      {
        ...{ survey: row.survey, measure: "log-loss difference" },
        measured: {
          value: row.cost - control.cost,
          standardError: Math.hypot(row.costError, control.costError),
        },
        over: isLaw ? "test persons; nothing is fitted" : undefined,
      },
    );
  });
}

/** Whether training before a year costs, in years after it. */
export function costClaims(rows: readonly ChangeRow[]): Finding[] {
  return rows.map(({ survey, year, model, cost: value, costError: standardError }) =>
    judge(
      { says: `Years from ${year} on are worth knowing: ${model}`, expects: { is: "above", bound: 0 } },
      { survey, measure: "log-loss difference", measured: { value, standardError } },
    ),
  );
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
