import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { earlierFiguresFolder, projectFolder, type TableRow } from "../figures";
import { benjaminiHochberg, headingOf } from "../metrics";
import { type ClaimOutcome, type Finding, outcomes } from "./finding";
import { readFindings } from "./findings-file";
import { publishedOf } from "./findings-table";
import { type PublishedNumber, published, quote } from "./published";
import { verdictOf } from "./words";

/** A finding of a notebook among all of it. */
export interface AuditedFinding extends Finding {
  notebook: string;
  /** p-value adjusted for the number of the notebook's claims (`benjaminiHochberg`); of claims that are tests. */
  adjustedP?: number;
}

/** The findings of all notebooks. */
export interface Audit {
  findings: AuditedFinding[];
  /** Notebooks that make claims and left none that can be read, and why. */
  notRun: { notebook: string; reason: string }[];
}

export interface AuditOptions {
  /** The folder of the findings. Default: that of the notebooks that ran before (`earlierFiguresFolder`). */
  figures?: string;
  /** The folder of the notebooks. Default: that of the project. */
  notebooks?: string;
  /** Claims of notebooks with a number below this one. Default "15". */
  before?: string;
}

/** Reads what the notebooks found, from the files NN-claims.json that they left. */
export function auditFindings(options: AuditOptions = {}): Audit {
  const { figures = earlierFiguresFolder(), before = "15" } = options;
  const { notebooks = join(projectFolder(), "notebooks") } = options;
  const files = namesIn(figures).filter((name) => /^\d\d-claims\.json$/.test(name));
  const claiming = namesIn(notebooks).filter(
    (name) =>
      /^\d\d-.*\.ipynb$/.test(name) &&
      readFileSync(join(notebooks, name), "utf8").includes(`${name.slice(0, 2)}-claims`),
  );
  const numbers = new Set([...files, ...claiming].map((name) => name.slice(0, 2)));
  const audit: Audit = { findings: [], notRun: [] };
  for (const notebook of [...numbers].filter((number) => number < before).sort()) {
    const name = `${notebook}-claims.json`;
    if (!files.includes(name)) {
      audit.notRun.push({ notebook, reason: `run labor-llm reproduce --only ${notebook}` });
      continue;
    }
    try {
      const own = readFindings(join(figures, name));
      const adjusted = benjaminiHochberg(own.map(({ p = NaN }) => p));
      audit.findings.push(
        ...own.map((finding, i) => ({
          ...finding,
          notebook,
          adjustedP: finding.p === undefined ? undefined : adjusted[i],
        })),
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      audit.notRun.push({ notebook, reason: error.problem });
    }
  }
  return audit;
}

/** An audit as rows of a table: published, ours and the truth side by side. */
export function auditRows({ findings, notRun }: Audit): TableRow[] {
  const rows = [
    ...findings.map((finding) => ({
      notebook: finding.notebook,
      survey: finding.survey,
      claim: finding.claim.says,
      published: publishedOf(finding),
      measure: headingOf(finding.measure),
      ours: finding.value,
      "standard error": finding.wholeError ?? finding.standardError,
      "error over": finding.over ?? "",
      oracle: finding.oracle,
      p: finding.p,
      "p, adjusted": finding.adjustedP,
      outcome: finding.outcome as string,
      verdict: verdictOf(finding),
    })),
    ...notRun.map(({ notebook, reason }) => ({
      notebook,
      outcome: "not run",
      verdict: `not run: ${reason}`,
    })),
  ];
  return rows.sort((a, b) => a.notebook.localeCompare(b.notebook));
}

/** Whether a finding supports its claim on the whole error. */
export function isSupported({ outcome }: Pick<Finding, "outcome">): boolean {
  return outcome === "supported" || outcome === "replicates";
}

/** Whether it does so also when all claims of its notebook are looked at: the adjusted p-value is at most 5 %. */
export function isSupportedAmongAll(finding: Pick<AuditedFinding, "outcome" | "adjustedP">): boolean {
  return isSupported(finding) && (finding.adjustedP ?? 0) <= 0.05;
}

/** Findings by notebook and outcome. */
export function countOutcomes({ findings, notRun }: Audit): TableRow[] {
  const count = (notebook: string, own: readonly AuditedFinding[], isMissing: boolean) => ({
    notebook,
    claims: own.length,
    ...Object.fromEntries(outcomes.map((one) => [one, own.filter(({ outcome }) => outcome === one).length])),
    "supported, p adjusted": own.filter(isSupportedAmongAll).length,
    note: isMissing ? "not run, or in part" : "",
  });
  const missing = notRun.map(({ notebook }) => notebook);
  const notebooks = [...new Set([...findings.map(({ notebook }) => notebook), ...missing])].sort();
  return [
    ...notebooks.map((number) =>
      count(
        number,
        findings.filter(({ notebook }) => notebook === number),
        missing.includes(number),
      ),
    ),
    count("all", findings, missing.length > 0),
  ];
}

/** Findings of one outcome. */
export function withOutcome(audit: Audit, outcome: ClaimOutcome): AuditedFinding[] {
  return audit.findings.filter((one) => one.outcome === outcome);
}

/** A published number that no claim of ours stands beside. */
export type NotCompared = { what: string; published: string; "not compared, because": string };

/** Why some numbers have nothing of ours beside them in any notebook. */
const reasons: Readonly<Record<string, string>> = {
  "perplexity.fineTuned13B": "its question, a larger base model on the same data, is asked with other sizes",
  "data.persons": "it counts persons of restricted surveys; notebook 01 counts those that are available",
};

/** The published numbers that no claim of an audit quotes. */
export function notCompared({ findings }: Audit): NotCompared[] {
  const quoted = new Set(
    findings.flatMap(({ claim: { published: same, beside } }) => (same ?? beside)?.numbers ?? []),
  );
  return Object.values(published)
    .flatMap((group): PublishedNumber[] => Object.values(group))
    .filter(({ id }) => !quoted.has(id))
    .map((one) => ({
      what: one.what,
      published: quote(one),
      "not compared, because": reasons[one.id] ?? "no claim of the notebooks that have run quotes it",
    }));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
