import type { TableRow } from "../figures";
import { headingOf } from "../metrics";
import type { Finding } from "./finding";
import { verdictOf } from "./words";

/** Findings as rows of a table: the same columns for every notebook, those that no finding fills left out. */
export function findingRows(findings: readonly Finding[]): TableRow[] {
  const rows = findings.map((finding) => ({
    survey: finding.survey,
    claim: finding.claim.says,
    published: publishedOf(finding),
    measure: headingOf(finding.measure),
    ours: finding.value,
    "standard error": finding.standardError,
    "whole error": finding.wholeError,
    "degrees of freedom": finding.degrees,
    "error over": finding.over,
    oracle: finding.oracle,
    "in perplexity": finding.perplexity?.difference,
    "standard error, perplexity": finding.perplexity?.standardError,
    p: finding.p,
    outcome: finding.outcome,
    verdict: verdictOf(finding),
  }));
  const optional = ["degrees of freedom", "oracle", "in perplexity", "standard error, perplexity"] as const;
  const empty = optional.filter((name) => rows.every((row) => row[name] === undefined));
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !(empty as string[]).includes(name))),
  );
}

/** What is published of the same thing, or of another. */
export function publishedOf({ claim: { published, beside } }: Pick<Finding, "claim">): string {
  return (published ?? beside)?.text ?? "nothing";
}
