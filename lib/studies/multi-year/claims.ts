import { type Measured, type MeasureId, type Measurement, only, standingOf } from "../../metrics";
import type { Forecast } from "../../predictions";
import { type Finding, judge, judgeMeasurement, published, publishedNumber } from "../../results";
import type { AheadResult } from "./compare-ahead";

/** How near to the published correlation one that replicates it is. */
const CORRELATION_MARGIN = 0.03;

/** Whether direct and composed distributions differ by more than sampling, and which is better. */
export function composesInWords(result: AheadResult): string {
  const { estimate, persons } = of(result, "distance");
  const byChance = of(result, "distance by chance").estimate.value;
  if (standingOf({ ...estimate, persons }, byChance) !== "above")
    return "not contradicted: composes within the error of sampling";
  const standing = standingOf(gainOf(result));
  const better = standing === "above" ? "direct" : standing === "below" ? "composed" : undefined;
  return `does not compose; ${better === undefined ? "neither is better beyond its error" : `the ${better} predictions are better`}`;
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

/**
 * The correlations, the sampling error of composed predictions taken off, beside the published one: that is of a
 * fine-tuned language model, and other methods replicate nothing. Near it is what is shown to be within the margin.
 */
export function correlationClaims(results: readonly AheadResult[]): Finding[] {
  const { correlation: reported } = published.consistency;
  return widest(results).map((result) => {
    const { label, how, method, years } = result;
    const ahead = years === "all" ? "" : `, ${years} years ahead`;
    return judgeMeasurement(
      {
        says: `Direct (${how}) and composed probabilities correlate${ahead}: ${label}`,
        expects: { is: "within", of: reported.number, margin: CORRELATION_MARGIN },
        [method === "fine-tuned" ? "published" : "beside"]: publishedNumber(reported),
      },
      of(result, "correlation"),
    );
  });
}

/** Whether as many stay, or are back, as predicted after the most years: composed predictions, and direct ones. */
export function stayClaims(results: readonly AheadResult[]): Finding[] {
  const [most, last] = afterMost(results);
  return last.flatMap((result) =>
    (["share difference, composed", "share difference"] as const).map((measure) => {
      const kind = measure === "share difference" ? `direct, ${result.how}` : "composed";
      return judgeMeasurement(
        {
          says: `Share in the same title after ${most} years, ${kind}: ${result.label}`,
          expects: { is: "equal", to: 0 },
          sides: { above: "too many stay or return", below: "too few stay or return" },
        },
        of(result, measure),
        { measure: "share difference" },
      );
    }),
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

function of({ measurements }: AheadResult, measure: MeasureId): Measurement {
  return only(measurements, { measure });
}

/** Direct less composed ln P, what sampling takes from the composed ones given back to them, with the error over persons and by sampling. */
function gainOf(result: AheadResult): Measured {
  const { estimate, persons } = of(result, "ln P, direct less composed");
  const [bias, error] = (["Monte Carlo bias", "Monte Carlo error"] as const).map(
    (measure) => of(result, measure).estimate.value,
  );
  return {
    value: estimate.value - bias,
    standardError: Math.hypot(estimate.standardError, error),
    persons,
  };
}

function afterMost(results: readonly AheadResult[]): [number, AheadResult[]] {
  const most = Math.max(...results.flatMap(({ years }) => (years === "all" ? [] : years)));
  return [most, results.filter(({ years }) => years === most)];
}

/** A claim on all numbers of years together, or on the one that there is. */
function widest(results: readonly AheadResult[]): AheadResult[] {
  return results.filter(
    (one) =>
      one.years === "all" ||
      results.every((other) => other === one || other.label !== one.label || other.how !== one.how),
  );
}
