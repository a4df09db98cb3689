import type { Forecast } from "../forecasts";
import type { BootstrapOptions, Estimate } from "../metrics/bootstrap";
import { comparePerplexity } from "../metrics/compare";
import { isEquivalent, pValueOf, standingOf } from "../metrics/standing";
import type { AheadFailure, AheadResult } from "./compare-ahead";
import { ORACLE } from "./compare-methods";
import { published, quote } from "./published";

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
  const [gain, error] = gainOf(result);
  const standing = standingOf({ value: gain, standardError: error, persons: result.persons });
  if (standing === "within" || standing === "not known") return "neither is better beyond its error";
  return `the ${standing === "above" ? "direct" : "composed"} predictions are better`;
}

/** Direct less composed ln P, and its error over persons and by sampling. */
function gainOf({ difference, monteCarloError, monteCarloBias }: AheadResult): [number, number] {
  return [difference.value - monteCarloBias, Math.hypot(difference.standardError, monteCarloError)];
}

function afterMost(results: readonly AheadResult[]): [number, AheadResult[]] {
  const most = Math.max(...results.flatMap(({ years }) => (years === "all" ? [] : years)));
  return [most, results.filter(({ years }) => years === most)];
}

/** Which predictions are better after the most years. */
export function betterClaims(results: readonly AheadResult[]) {
  const [most, last] = afterMost(results);
  return last.map((result) => {
    const [ours, error] = gainOf(result);
    const { survey, label, how } = result;
    return claim(survey, `Direct (${how}) less composed ln P, ${most} years ahead: ${label}`, {
      ...{ ours, error, unit: "nats, less the Monte Carlo bias" },
      p: pValueOf({ value: ours, standardError: error, persons: result.persons }),
      verdict: betterInWords(result),
    });
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
export function correlationClaims(results: readonly AheadResult[]) {
  const { correlation: reported } = published.consistency;
  return widest(results).map(({ survey, label, how, method, years, disattenuated, persons }) => {
    const { value, standardError } = disattenuated;
    const measured = { ...disattenuated, persons };
    const standing = standingOf(measured, reported.number);
    const side = standing === "above" ? "higher" : "lower";
    const unsure = standing === "within" || standing === "not known";
    const near = method === "fine-tuned" ? "replicates within" : "within";
    const whose = method === "fine-tuned" ? "" : "another method than the paper's: ";
    const ahead = years === "all" ? "" : `, ${years} years ahead`;
    return claim(survey, `Direct (${how}) and composed probabilities correlate${ahead}: ${label}`, {
      ...{ published: quote(reported), ours: value, error: standardError },
      unit: "correlation, sampling error taken off",
      p: pValueOf(measured, reported.number),
      verdict:
        whose +
        (isEquivalent(measured, reported.number, CORRELATION_MARGIN)
          ? `${near} ${CORRELATION_MARGIN}`
          : unsure
            ? `undecided: no difference beyond its error, nor shown to be within ${CORRELATION_MARGIN}`
            : `${side} than published`),
    });
  });
}

/** Whether as many stay, or are back, as predicted after the most years: composed predictions, and direct ones. */
export function stayClaims(results: readonly AheadResult[]) {
  const [most, last] = afterMost(results);
  return last.flatMap(({ survey, label, how, sameGap, persons }) =>
    (["composed", "direct"] as const).map((kind) => {
      const { value: gap, standardError: error } = sameGap[kind];
      const measured = { ...sameGap[kind], persons };
      const standing = standingOf(measured);
      const words = standing === "below" ? "too few" : "too many";
      const name = kind === "direct" ? `direct, ${how}` : kind;
      return claim(survey, `Share in the same title after ${most} years, ${name}: ${label}`, {
        ...{ ours: gap, error, unit: "predicted less observed share" },
        p: pValueOf(measured),
        verdict: ["above", "below"].includes(standing)
          ? `${words} stay or return`
          : "no difference beyond its error",
      });
    }),
  );
}

/** The oracle's one-year predictions, composed by sampling, beside its exact ones. */
export function oracleClaim(survey: string, exact: Forecast, sampled: Forecast) {
  const { observed, titles } = exact.distribution;
  const J = titles.size;
  let [sum, squares] = [0, 0];
  observed.forEach((title, n) => {
    const at = n * J + title;
    sum +=
      Math.exp(exact.distribution.logProbability[at]) - Math.exp(sampled.distribution.logProbability[at]);
    squares += sampled.monteCarloError![at] ** 2;
  });
  const [gap, error] = [sum / observed.length, Math.sqrt(squares) / observed.length];
  const p = pValueOf({ value: gap, standardError: error });
  return claim(
    survey,
    `The oracle composes: exact less sampled probability of what happened, ${observed.length} predictions`,
    {
      ...{ ours: gap, error, unit: "mean probability; Monte Carlo error" },
      p,
      verdict: p >= 0.05 ? "not contradicted: composes within the error of sampling" : "does not compose",
    },
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

interface ClaimParts {
  published?: string;
  ours: number;
  error: number;
  unit: string;
  /** Two-sided, of the null that the verdict is about. */
  p: number;
  verdict: string;
}

function claim(
  survey: string,
  text: string,
  { published: source, ours, error, unit, p, verdict }: ClaimParts,
) {
  return {
    survey,
    claim: text,
    published: source ?? "not at hand",
    ours,
    "standard error": error,
    unit,
    p,
    verdict,
  };
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
