import type { Forecast } from "../forecasts";
import type { BootstrapOptions, Estimate } from "../metrics/bootstrap";
import { comparePerplexity } from "../metrics/compare";
import { type Measured, standingOf } from "../metrics/standing";
import { type Finding, judge, published, publishedNumber } from "../results";
import type { AheadFailure, AheadResult } from "./compare-ahead";
import { ORACLE } from "./compare-methods";

/** Direct and composed predictions as rows of a table; what could not be run keeps its row. */
export function aheadRows(results: readonly AheadResult[], failures: readonly AheadFailure[] = []) {
  return [
    ...results.map((result) => ({
      survey: result.survey,
      model: result.label,
      "years ahead": String(result.years),
      "direct prediction": result.how,
      persons: result.persons,
      predictions: result.predictions,
      "direct, ln P": result.direct.value,
      "standard error, direct": result.direct.standardError,
      "composed, ln P": result.composed.value,
      "standard error, composed": result.composed.standardError,
      "direct less composed, nats": result.difference.value,
      "standard error, difference": result.difference.standardError,
      "Monte Carlo error": result.monteCarloError,
      "Monte Carlo error, of the difference": result.monteCarloError / Math.abs(result.difference.value),
      "Monte Carlo bias": result.monteCarloBias,
      correlation: result.correlation.value,
      low: result.correlation.interval[0],
      high: result.correlation.interval[1],
      "correlation, sampling error taken off": result.disattenuated.value,
      "standard error, sampling error taken off": result.disattenuated.standardError,
      "correlation, given both titles": result.correlationGiven.value,
      "standard error, given both titles": result.correlationGiven.standardError,
      "correlation of movers": result.correlationOfMovers.value,
      "standard error, movers": result.correlationOfMovers.standardError,
      "correlation, all titles": result.correlationOfAll.value,
      distance: result.distance.value,
      "standard error, distance": result.distance.standardError,
      "distance by chance": result.distanceByChance,
      "same title, observed": result.same.observed.value,
      "same title, direct": result.same.direct.value,
      "same title, composed": result.same.composed.value,
      composes: composesInWords(result),
    })),
    ...failures.map(({ survey, label, years, how, reason }) => ({
      survey,
      model: label,
      "years ahead": String(years),
      "direct prediction": how,
      composes: `not run: ${reason}`,
    })),
  ];
}

/** Whether direct and composed distributions differ by more than sampling, and which is better. */
function composesInWords(result: AheadResult): string {
  const { distance, distanceByChance } = result;
  const { persons } = result;
  const apart = standingOf({ ...distance, persons }, distanceByChance) === "above";
  return apart
    ? `does not compose; ${betterInWords(result)}`
    : "not contradicted: composes within the error of sampling";
}

/** Which predictions are better, what sampling takes from the composed ones given back to them. */
function betterInWords(result: AheadResult): string {
  const standing = standingOf(gainOf(result));
  if (standing === "within" || standing === "not known") return "neither is better beyond its error";
  return `the ${standing === "above" ? "direct" : "composed"} predictions are better`;
}

/** Direct less composed ln P, and its error over persons and by sampling. */
function gainOf({ difference, monteCarloError, monteCarloBias, persons }: AheadResult): Measured {
  return {
    value: difference.value - monteCarloBias,
    standardError: Math.hypot(difference.standardError, monteCarloError),
    persons,
  };
}

function afterMost(results: readonly AheadResult[]): [number, AheadResult[]] {
  const most = Math.max(...results.flatMap(({ years }) => (years === "all" ? [] : years)));
  return [most, results.filter(({ years }) => years === most)];
}

/** Which predictions are better after the most years. */
export function betterClaims(results: readonly AheadResult[]): Finding[] {
  const [most, last] = afterMost(results);
  return last.map((result) => {
    const { survey, label, how } = result;
    return judge(
      {
        says: `Direct (${how}) less composed ln P, ${most} years ahead: ${label}`,
        expects: { is: "either side", of: 0 },
        sides: {
          above: "the direct predictions are better",
          below: "the composed predictions are better",
        },
      },
      { survey, measure: "direct less composed", measured: gainOf(result) },
    );
  });
}

/** How near to the published correlation one that replicates it is. */
const CORRELATION_MARGIN = 0.03;

/** A claim on all numbers of years together, or on the one that there is. */
function widest(results: readonly AheadResult[]): AheadResult[] {
  return results.filter(
    (one) =>
      one.years === "all" ||
      results.every((other) => other === one || other.label !== one.label || other.how !== one.how),
  );
}

/**
 * The correlations, the sampling error of composed predictions taken off, beside the published one: that is of a
 * fine-tuned language model, and other methods replicate nothing. Near it is what is shown to be within the margin.
 */
export function correlationClaims(results: readonly AheadResult[]): Finding[] {
  const { correlation: reported } = published.consistency;
  return widest(results).map(({ survey, label, how, method, years, disattenuated, persons }) => {
    const ahead = years === "all" ? "" : `, ${years} years ahead`;
    return judge(
      {
        says: `Direct (${how}) and composed probabilities correlate${ahead}: ${label}`,
        expects: { is: "within", of: reported.number, margin: CORRELATION_MARGIN },
        [method === "fine-tuned" ? "published" : "beside"]: publishedNumber(reported),
      },
      { survey, measure: "correlation", measured: { ...disattenuated, persons } },
    );
  });
}

/** Whether as many stay, or are back, as predicted after the most years: composed predictions, and direct ones. */
export function stayClaims(results: readonly AheadResult[]): Finding[] {
  const [most, last] = afterMost(results);
  return last.flatMap(({ survey, label, how, sameGap, persons }) =>
    (["composed", "direct"] as const).map((kind) =>
      judge(
        {
          says: `Share in the same title after ${most} years, ${kind === "direct" ? `direct, ${how}` : kind}: ${label}`,
          expects: { is: "equal", to: 0 },
          sides: { above: "too many stay or return", below: "too few stay or return" },
        },
        { survey, measure: "share difference", measured: { ...sameGap[kind], persons } },
      ),
    ),
  );
}

/** The oracle's one-year predictions, composed by sampling, beside its exact ones. */
export function oracleClaim(survey: string, exact: Forecast, sampled: Forecast): Finding {
  const { observed, titles } = exact.distribution;
  const J = titles.size;
  let [sum, squares] = [0, 0];
  observed.forEach((title, n) => {
    const at = n * J + title;
    sum +=
      Math.exp(exact.distribution.logProbability[at]) - Math.exp(sampled.distribution.logProbability[at]);
    squares += sampled.monteCarloError![at] ** 2;
  });
  const measured = { value: sum / observed.length, standardError: Math.sqrt(squares) / observed.length };
  return judge(
    {
      says: `The oracle composes: exact less sampled probability of what happened, ${observed.length} predictions`,
      expects: { is: "equal", to: 0 },
    },
    { survey, measure: "probability difference", measured, over: "sampled paths; nothing is fitted" },
  );
}

/** Direct and composed predictions below the law's own, in nats. */
export function belowOracle(
  truths: readonly { years: number; forecast: Forecast }[],
  results: readonly AheadResult[],
  options: BootstrapOptions = {},
) {
  return truths.flatMap(({ years, forecast }) => {
    const here = results.filter((result) => result.years === years);
    const models = {
      [ORACLE]: forecast.distribution,
      ...Object.fromEntries(
        here.flatMap(({ label, forecasts }) => [
          [`${label}, direct`, forecasts.direct.distribution],
          [`${label}, composed`, forecasts.composed.distribution],
        ]),
      ),
    };
    return comparePerplexity(models, { ...options, kinds: ["all"], reference: ORACLE }).map((row) => ({
      "years ahead": years,
      model: row.model,
      predictions: row.personYears,
      perplexity: row.perplexity,
      "standard error": row.perplexityError,
      "above the oracle, nats": row.logRatio,
      "standard error, nats": row.logRatioError,
    }));
  });
}

/** Numbers of one estimate after another, for a figure. */
export function estimatesOf(
  results: readonly AheadResult[],
  label: string,
  pick: (result: AheadResult) => Estimate,
) {
  const own = results.filter((result) => result.label === label && result.years !== "all").map(pick);
  return {
    y: own.map(({ value }) => value),
    low: own.map(({ interval }) => interval[0]),
    high: own.map(({ interval }) => interval[1]),
  };
}
