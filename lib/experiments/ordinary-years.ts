import type { Career } from "../careers/career";
import type { ComparisonOptions } from "../metrics/compare";
import type { Measured } from "../metrics/standing";
import { deviation } from "../metrics/whole-error";
import { type Finding, judge } from "../results";
import { readSurvey } from "../surveys/read-survey";
import { type ChangeFailure, type ChangePlan, type ChangeRow, compareChange } from "./compare-change";

/** First years of tests, one after the other: named breaks among the ordinary years of a survey. */
export interface YearsPlan extends Pick<ChangePlan, "span" | "methods"> {
  /** Years trained on before each: the same number, so that years differ in what happened alone. */
  history: number;
  /** Years in which the world is known to change, and how. */
  breaks: readonly { year: number; what: string }[];
}

/** What a year is among the years of a survey. */
export type YearKind = "break" | "ordinary" | "straddles a break" | "other rounds";

/** The cost of not knowing the years from one on, and what kind of year it is. */
export interface YearRow extends ChangeRow {
  kind: YearKind;
}

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
 */
export async function compareYears(
  { history, span, methods, breaks }: YearsPlan,
  options: Omit<ComparisonOptions, "reference"> = {},
): Promise<{ rows: YearRow[]; failures: ChangeFailure[] }> {
  const rows: YearRow[] = [];
  const failures: ChangeFailure[] = [];
  for (const method of methods) {
    const { survey, map, rules } = method.experiment;
    const observed = yearsOf(readSurvey(survey, map, rules).careers);
    for (const { year, kind } of yearKinds(observed, { history, span, breaks })) {
      if (kind === "other rounds") continue;
      const what = breaks.find((one) => one.year === year)?.what ?? kind;
      const one = await compareChange({ year, what, span, history, law: false, methods: [method] }, options);
      rows.push(...one.rows.filter(({ model }) => model === method.label).map((row) => ({ ...row, kind })));
      failures.push(...one.failures);
    }
  }
  return { rows, failures };
}

function yearsOf(careers: readonly Career[]): number[] {
  return [...new Set(careers.flatMap(({ observations }) => observations.map(({ year }) => year)))];
}

/** What a break cost beside the ordinary years of its survey. */
export interface AmongYears {
  survey: string;
  model: string;
  year: number;
  what: string;
  cost: number;
  /** Ordinary years, the mean of their costs, their standard deviation, the least and the largest. */
  years: number;
  ordinary: number;
  spread: number;
  low: number;
  high: number;
  /** The break's cost less that mean, and its error as one more draw of a year. */
  beyond: Measured;
}

/** Fewest ordinary years that a year can stand among. */
const FEWEST = 3;

/**
 * Each break beside the ordinary years of the same survey and method. The error is that of one more ordinary year
 * about the mean of the others: their standard deviation, or the standard error of one year's cost if that is larger
 * (years that share persons and months vary less together than apart), times the root of 1 + 1 / years; Student's t
 * has years - 1 degrees of freedom.
 */
export function amongOrdinaryYears(rows: readonly YearRow[]): AmongYears[] {
  return rows
    .filter(({ kind }) => kind === "break")
    .map(({ survey, model, year, what, cost }) => {
      const others = rows.filter(
        (row) => row.survey === survey && row.model === model && row.kind === "ordinary",
      );
      const costs = others.map((row) => row.cost);
      const years = costs.length;
      const ordinary = costs.reduce((a, b) => a + b, 0) / years;
      const spread = deviation(costs)?.error ?? NaN;
      const sampling = others.reduce((sum, { costError }) => sum + costError ** 2, 0) / years;
      const error = years < FEWEST ? NaN : Math.sqrt(Math.max(spread ** 2, sampling) * (1 + 1 / years));
      return {
        ...{ survey, model, year, what, cost, years, ordinary, spread },
        ...{ low: Math.min(...costs), high: Math.max(...costs) },
        beyond: { value: cost - ordinary, standardError: error, persons: years },
      };
    });
}

/** Whether a break costs more than the ordinary years of its survey. */
export function amongYearsClaims(breaks: readonly AmongYears[]): Finding[] {
  return breaks.map(({ survey, model, year, what, years, beyond }) =>
    judge(
      {
        says: `${year}, ${what}, costs more than ${years} ordinary years: ${model}`,
        expects: { is: "above", bound: 0 },
      },
      {
        ...{ survey, measure: "log-loss difference", measured: beyond },
        over: `${years} ordinary years, each with fits of its own`,
      },
    ),
  );
}

/** Costs by first test year as rows of a table; what could not be run keeps its row. */
export function yearRows(rows: readonly YearRow[], failures: readonly ChangeFailure[] = []) {
  return [
    ...rows.map(({ survey, model, year, what, kind, personYears, trainedOn, cost, costError }) => ({
      survey,
      model,
      "first year tested": String(year),
      "kind of year": kind === "break" ? `break: ${what}` : kind,
      "person-years after": personYears,
      "person-years to train": trainedOn?.before,
      "person-years to train, informed": trainedOn?.informed,
      "cost of not knowing, nats": cost,
      "standard error, cost": costError,
      note: "",
    })),
    ...failures.map(({ survey, model, year, what, reason }) => ({
      survey,
      model,
      "first year tested": String(year),
      "kind of year": what,
      note: `not run: ${reason}`,
    })),
  ];
}

/** Costs by first test year, one line a method, for a figure: NaN where a year has none. */
export function costSeries(rows: readonly YearRow[]) {
  const years = [...new Set(rows.map(({ year }) => year))].sort((a, b) => a - b);
  const labels = [...new Set(rows.map(({ model }) => model))];
  const series = labels.map((name) => {
    const at = (of: (row: YearRow) => number) =>
      years.map((year) => {
        const row = rows.find((one) => one.model === name && one.year === year);
        return row === undefined ? NaN : of(row);
      });
    return {
      name,
      y: at(({ cost }) => cost),
      low: at(({ costLow }) => costLow),
      high: at(({ costHigh }) => costHigh),
    };
  });
  const marked = new Map(rows.flatMap(({ kind, year, what }) => (kind === "break" ? [[year, what]] : [])));
  return { years, series, marks: [...marked].map(([x, label]) => ({ x, label })) };
}
