import type { Career } from "../../careers";
import {
  type ComparisonOptions,
  deviation,
  exactly,
  type MeasureId,
  type Measurement,
  where,
} from "../../metrics";
import { type Finding, judge } from "../../results";
import { readSurvey } from "../../surveys";
import { type ChangePlan, compareChange, type Measured } from "./compare-change";

/** First years of tests, one after the other: named breaks among the ordinary years of a survey. */
export interface YearsPlan extends Pick<ChangePlan, "span" | "methods"> {
  /** Years trained on before each: the same number, so that years differ in what happened alone. */
  history: number;
  /** Years in which the world is known to change, and how. */
  breaks: readonly { year: number; what: string }[];
}

/** What a year is among the years of a survey. */
export type YearKind = "break" | "ordinary" | "straddles a break" | "other rounds";

/**
 * The years from which a survey can be tested, with so many years before and from there on, and their kinds. An
 * ordinary year has no break among the years that are trained on or tested, but for a break in its first year trained
 * on, and interviews in the same years of them as a break that the survey reaches (without one: in every year). A year
 * whose window takes in a break within is kept apart: what it costs is partly the break's.
 * @param observed years in which the survey observes anybody
 */
export function yearKinds(
  observed: readonly number[],
  { history, span, breaks }: Pick<YearsPlan, "history" | "span" | "breaks">,
): { year: number; kind: YearKind }[] {
  const seen = new Set(observed);
  const windowOf = (year: number) => Array.from({ length: history + span }, (_, i) => year - history + i);
  /** Which years of the window have interviews. */
  const rounds = (year: number) =>
    windowOf(year)
      .map((one) => (seen.has(one) ? "x" : "-"))
      .join("");
  const testable = (year: number) => {
    const pattern = rounds(year);
    return pattern.slice(0, history).includes("x") && pattern.slice(history).includes("x");
  };
  const [first, last] = [Math.min(...observed) + history, Math.max(...observed) - span + 1];
  const years = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).filter(testable);
  const reached = breaks.map(({ year }) => year).filter((year) => years.includes(year));
  const alike = new Set(reached.length > 0 ? reached.map(rounds) : ["x".repeat(history + span)]);
  return years.map((year) => {
    const within = windowOf(year).slice(1);
    if (reached.includes(year)) return { year, kind: "break" };
    if (breaks.some((one) => within.includes(one.year))) return { year, kind: "straddles a break" };
    return { year, kind: alike.has(rounds(year)) ? "ordinary" : "other rounds" };
  });
}

/**
 * `compareChange` at every year from which a survey can be tested, for methods that are cheap: so the cost of a year
 * with a name stands among those of years without one. Years whose rounds are like those of none are left out.
 * @returns on slices whose `change` is the kind of year; of a break "break: " and what happened
 */
export async function compareYears(
  { history, span, methods, breaks }: YearsPlan,
  options: Omit<ComparisonOptions, "reference"> = {},
): Promise<Measured> {
  const measured: Measured = { measurements: [], skipped: [] };
  for (const method of methods) {
    const { survey, map, rules } = method.experiment;
    const observed = yearsOf(readSurvey(survey, map, rules).careers);
    for (const { year, kind } of yearKinds(observed, { history, span, breaks })) {
      if (kind === "other rounds") continue;
      const what = breaks.find((one) => one.year === year)?.what;
      const change = kind === "break" ? `${BREAK}${what}` : kind;
      const one = await compareChange(
        { year, what: change, span, history, law: false, methods: [method] },
        options,
      );
      measured.measurements.push(...one.measurements);
      measured.skipped.push(...one.skipped);
    }
  }
  return measured;
}

const BREAK = "break: ";

function yearsOf(careers: readonly Career[]): number[] {
  return [...new Set(careers.flatMap(({ observations }) => observations.map(({ year }) => year)))];
}

/** Fewest ordinary years that a year can stand among. */
const FEWEST = 3;

/**
 * Each break beside the ordinary years of the same survey and method: their number, the mean of their costs, its standard
 * deviation, the least and the largest, and the break's cost beyond the mean. The error of that is of one more ordinary year
 * about the mean of the others: their standard deviation, or the standard error of one year's cost if that is larger
 * (years that share persons and months vary less together than apart), times the root of 1 + 1 / years; Student's t
 * has years - 1 degrees of freedom.
 */
export function amongOrdinaryYears(measurements: readonly Measurement[]): Measurement[] {
  const costs = where(measurements, { measure: "cost of not knowing" });
  return costs
    .filter(({ on }) => on.change?.startsWith(BREAK))
    .flatMap((broken): Measurement[] => {
      const { survey, model } = broken;
      const on = { change: "ordinary" satisfies YearKind };
      const others = where(costs, { survey, model, on }).map(({ estimate }) => estimate);
      const values = others.map(({ value }) => value);
      const years = values.length;
      const mean = values.reduce((a, b) => a + b, 0) / years;
      const spread = deviation(values)?.error ?? NaN;
      const sampling = others.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / years;
      const error = years < FEWEST ? NaN : Math.sqrt(Math.max(spread ** 2, sampling) * (1 + 1 / years));
      const own = (measure: MeasureId, value: number) => ({ ...broken, measure, estimate: exactly(value) });
      const beyond = broken.estimate.value - mean;
      return [
        broken,
        own("ordinary years", years),
        own("mean of ordinary years", mean),
        own("deviation of ordinary years", spread),
        own("least of ordinary years", Math.min(...values)),
        own("largest of ordinary years", Math.max(...values)),
        {
          ...broken,
          measure: "cost beyond ordinary years",
          estimate: { value: beyond, standardError: error, interval: [beyond, beyond] },
        },
      ];
    });
}

/** Whether a break costs more than the ordinary years of its survey. @param among of `amongOrdinaryYears` */
export function amongYearsClaims(among: readonly Measurement[]): Finding[] {
  return where(among, { measure: "cost beyond ordinary years" }).map(({ survey, model, on, estimate }) => {
    const [count] = where(among, { survey, model, measure: "ordinary years", on });
    const years = count.estimate.value;
    return judge(
      {
        says: `${on.year}, ${on.change?.slice(BREAK.length)}, costs more than ${years} ordinary years: ${model}`,
        expects: { is: "above", bound: 0 },
      },
      {
        ...{ survey, measure: "cost beyond ordinary years" },
        measured: { value: estimate.value, standardError: estimate.standardError, persons: years },
        over: `${years} ordinary years, each with fits of its own`,
      },
    );
  });
}

/** Named years, for the mark of each on a figure over years. */
export function namedYears(measurements: readonly Measurement[]): { x: number; label: string }[] {
  const marked = new Map(
    measurements.flatMap(({ on: { year, change } }) =>
      year !== undefined && change?.startsWith(BREAK) ? [[year, change.slice(BREAK.length)] as const] : [],
    ),
  );
  return [...marked].map(([x, label]) => ({ x, label }));
}
