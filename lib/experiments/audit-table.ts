import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { earlierFiguresFolder, projectFolder } from "../figures/folder";
import { readCsv } from "../files/csv";
import { benjaminiHochberg } from "../metrics/benjamini-hochberg";
import { type PublishedNumber, published, quote } from "./published";

/** What a claim came to, whatever words its notebook has for it. */
export type ClaimOutcome =
  | "holds"
  /** On the error over test persons alone: another fit of the same method might undo it. */
  | "holds for this fit"
  | "no difference beyond its error"
  | "does not hold"
  | "another finding"
  | "not run";

/** A claim of a notebook: published, ours and the truth side by side. */
export type AuditRow = {
  notebook: string;
  survey: string;
  claim: string;
  /** With its mark. */
  published: string;
  ours: number | undefined;
  "standard error": number | undefined;
  /** What the error is over, where it is the whole one; empty where it is over test persons, with the fit held fixed. */
  "error over": string;
  /** Of ours; empty where the claim says it. */
  unit: string;
  oracle: number | undefined;
  /** Two-sided, and adjusted for the number of the notebook's claims (`benjaminiHochberg`); of claims that are tests. */
  p: number | undefined;
  "p, adjusted": number | undefined;
  /** In the notebook's own words. */
  verdict: string;
  outcome: ClaimOutcome;
};

export interface AuditOptions {
  /** The folder of the claims tables. Default: that of the notebooks that ran before (`earlierFiguresFolder`). */
  figures?: string;
  /** The folder of the notebooks. Default: that of the project. */
  notebooks?: string;
  /** Claims of notebooks with a number below this one. Default "15". */
  before?: string;
}

/**
 * The claims of all notebooks, from the tables NN-claims.csv that they published. Where a claim is judged in nats, ours
 * is in nats; where it is judged on the whole error (`judgeHeadlines`), that is the error. A notebook that publishes claims and has not run has a row that says so.
 */
export function auditClaims(options: AuditOptions = {}): AuditRow[] {
  const { figures = earlierFiguresFolder(), before = "15" } = options;
  const { notebooks = join(projectFolder(), "notebooks") } = options;
  const tables = namesIn(figures).filter((name) => /^\d\d-claims\.csv$/.test(name));
  const claiming = namesIn(notebooks).filter(
    (name) =>
      /^\d\d-.*\.ipynb$/.test(name) &&
      readFileSync(join(notebooks, name), "utf8").includes(`${name.slice(0, 2)}-claims`),
  );
  const numbers = new Set([...tables, ...claiming].map((name) => name.slice(0, 2)));
  return [...numbers]
    .filter((number) => number < before)
    .sort()
    .flatMap((number) => {
      const name = `${number}-claims.csv`;
      if (tables.includes(name)) return claimsIn(join(figures, name), number);
      return [blank(number, `not run: run labor-llm reproduce --only ${number}`)];
    });
}

function claimsIn(path: string, notebook: string): AuditRow[] {
  try {
    const table = readCsv(path);
    for (const column of ["claim", "verdict"]) table.columnOf(column);
    return adjusted(
      table.rows.map((cells) => {
        const of = (...names: string[]) => {
          const name = names.find((one) => table.header.includes(one));
          return name === undefined ? "" : cells[table.columnOf(name)];
        };
        const number = (...names: string[]) => {
          const text = of(...names);
          return text === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
        };
        const overPersons = number("standard error, nats", "standard error");
        const verdict = of("verdict");
        return {
          notebook,
          survey: of("survey"),
          claim: of("claim"),
          published: of("published") || "not at hand",
          ours: number("ours, nats", "ours"),
          "standard error": number("whole error, nats", "whole error") ?? overPersons,
          "error over": of("whole error over"),
          unit: table.header.includes("ours, nats") ? "nats" : of("unit"),
          oracle: number("oracle"),
          p: number("p"),
          "p, adjusted": undefined,
          verdict,
          outcome: heldFixed(outcomeOf(verdict), of("whole error over")),
        };
      }),
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [blank(notebook, `not run: ${error.problem}`)];
  }
}

/** A claim that holds with its fits held fixed is told from one that holds on the whole error. */
function heldFixed(outcome: ClaimOutcome, errorOver: string): ClaimOutcome {
  return outcome === "holds" && errorOver === "" ? "holds for this fit" : outcome;
}

/** The claims of one notebook with their p-values adjusted. */
function adjusted(rows: readonly AuditRow[]): AuditRow[] {
  const values = benjaminiHochberg(rows.map(({ p = NaN }) => p));
  return rows.map((row, i) => ({ ...row, "p, adjusted": row.p === undefined ? undefined : values[i] }));
}

/** Whether a claim holds also when all claims of its notebook are looked at: its adjusted p-value is at most 5 %. */
export function holdsAmongAll(row: Pick<AuditRow, "outcome" | "p, adjusted">): boolean {
  return row.outcome === "holds" && (row["p, adjusted"] ?? 0) <= 0.05;
}

function blank(notebook: string, verdict: string): AuditRow {
  const unknown = {
    ...{ ours: undefined, "standard error": undefined, "error over": "", unit: "", oracle: undefined },
    ...{ p: undefined, "p, adjusted": undefined },
  };
  return {
    ...{ notebook, survey: "", claim: "", published: "", ...unknown, verdict, outcome: outcomeOf(verdict) },
  };
}

/** The verdicts' first words: each table of claims has its own way of saying it. */
const words: readonly [ClaimOutcome, RegExp][] = [
  ["not run", /^not run/],
  [
    "does not hold",
    /^(does not|do not|the contrary|reversed|lower than|higher than|too (few|many|small|large))/,
  ],
  [
    "no difference beyond its error",
    /^(another method than the paper's: )?(no |neither|not known|not contradicted|undecided)/,
  ],
  ["holds", /^(replicates|holds|yes|composes|ties?\b)/],
];

/** What a verdict comes to; "another finding" where it is a verdict on no claim. */
export function outcomeOf(verdict: string): ClaimOutcome {
  return words.find(([, pattern]) => pattern.test(verdict))?.[0] ?? "another finding";
}

/** Claims by notebook and what they came to. */
export function countOutcomes(rows: readonly AuditRow[]): Record<string, string | number>[] {
  const outcomes = [
    "holds",
    "holds for this fit",
    "no difference beyond its error",
    "does not hold",
    "another finding",
  ] as const;
  const count = (label: string, own: readonly AuditRow[]) => {
    const claims = own.filter(({ outcome }) => outcome !== "not run");
    const counts = outcomes.map((one) => [one, claims.filter(({ outcome }) => outcome === one).length]);
    const note = claims.length < own.length ? "not run, or in part" : "";
    const among = { "holds, p adjusted": claims.filter(holdsAmongAll).length };
    return { notebook: label, claims: claims.length, ...Object.fromEntries(counts), ...among, note };
  };
  const notebooks = [...new Set(rows.map(({ notebook }) => notebook))];
  return [
    ...notebooks.map((number) =>
      count(
        number,
        rows.filter(({ notebook }) => notebook === number),
      ),
    ),
    count("all", rows),
  ];
}

/** A published number that no claim of ours stands beside. */
export type NotCompared = { what: string; published: string; "not compared, because": string };

/** Why some numbers have nothing of ours beside them in any notebook. */
const reasons: Readonly<Record<string, string>> = {
  "perplexity.fineTuned13B": "its question, a larger base model on the same data, is asked with other sizes",
  "data.persons": "it counts persons of restricted surveys; notebook 01 counts those at hand",
};

/** The published numbers that no row of an audit quotes. */
export function notCompared(rows: readonly AuditRow[]): NotCompared[] {
  const quoted = rows.map((row) => row.published).join("\n");
  return Object.entries(published).flatMap(([field, numbers]) =>
    Object.entries(numbers as Record<string, PublishedNumber>)
      .filter(([, { number }]) => !numbersIn(quoted).has(number))
      .map(([name, one]) => ({
        what: one.what,
        published: quote(one),
        "not compared, because":
          reasons[`${field}.${name}`] ?? "no claim of the notebooks that have run quotes it",
      })),
  );
}

function numbersIn(text: string): Set<number> {
  return new Set((text.match(/\d+(\.\d+)?/g) ?? []).map(Number));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
