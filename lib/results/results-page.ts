import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { markdownText } from "../figures";
import { readCsv } from "../files";
import { headingOf, type MeasureId } from "../metrics";
import { lawNamed } from "../surveys";

type Row = Record<string, string>;

/** Rows of a table of results, by heading. */
function rowsOf(figures: string, table: string): Row[] {
  const path = join(figures, `${table}.csv`);
  if (!existsSync(path)) throw new UserError(`${path}: no such table`, "Run the notebook that makes it.");
  const { header, rows } = readCsv(path);
  return rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
}

/** Tables of the documents, by the name of their block; each is made of the files in `figures`. */
const blocks: Readonly<Record<string, (figures: string) => string>> = {
  "young-men": (figures) =>
    perplexities(rowsOf(join(figures, "quick"), "02-perplexity").filter(is("nlsy-young-men"))),
  "young-men-claims": (figures) =>
    claims(rowsOf(join(figures, "quick"), "15-audit").filter(is("nlsy-young-men")).filter(ofNotebook("02"))),
  gain: (figures) =>
    markdown(
      ["survey", "switched on", "gain, nats", "error over persons", "whole error", "over", "verdict"],
      rowsOf(join(figures, "quick"), "02-gain").map((row) => [
        row.survey,
        row["switched on"],
        number(row["gain, nats"], 3),
        number(row["standard error over persons, nats"], 3),
        number(row["whole error, nats"], 3),
        row["whole error over"],
        row.verdict,
      ]),
      2,
    ),
  synthetic: (figures) => {
    const rows = rowsOf(join(figures, "quick"), "02-perplexity");
    const surveys = [...new Set(rows.map(({ survey }) => survey))].filter(
      (one) => lawNamed(one) !== undefined,
    );
    const models = [...new Set(rows.filter(is(surveys[0])).map(({ model }) => model))];
    const cell = (model: string, survey: string) => {
      const row = rows.filter(is(survey)).find((one) => one.model === model);
      return row === undefined ? "–" : measured(row, "perplexity", 1);
    };
    return markdown(
      ["model", ...surveys.map((survey) => `${survey}, perplexity (s.e.)`)],
      models.map((model) => [model, ...surveys.map((survey) => cell(model, survey))]),
      1,
    );
  },
  nlsy97: (figures) => perplexities(rowsOf(join(figures, "standard"), "02-perplexity")),
  "nlsy97-weighted": (figures) =>
    markdown(
      ["model", "perplexity", "by survey weights (s.e.)", "above fine-tuned, nats, by weights (s.e.)"],
      rowsOf(join(figures, "standard"), "02-weighted").map((row) => [
        row.model,
        number(row.perplexity, 2),
        measured(row, "weighted perplexity", 2, ["perplexity, weighted", "standard error, weighted"]),
        measured(row, "weighted log-loss difference", 3, [
          "above fine-tuned, nats, weighted",
          "standard error, nats",
        ]),
      ]),
      1,
    ),
  "nlsy97-shares": (figures) => shares(rowsOf(join(figures, "standard"), "04-own-share")),
  "quick-claims": (figures) => claims(rowsOf(join(figures, "quick"), "15-audit")),
  "quick-counts": (figures) => counts(rowsOf(join(figures, "quick"), "15-counts")),
  "standard-claims": (figures) => claims(rowsOf(join(figures, "standard"), "15-audit")),
  "standard-counts": (figures) => counts(rowsOf(join(figures, "standard"), "15-counts")),
};

const is =
  (wanted: string) =>
  ({ survey }: Row) =>
    survey === wanted;
const ofNotebook =
  (wanted: string) =>
  ({ notebook }: Row) =>
    notebook === wanted;

function perplexities(rows: readonly Row[]): string {
  return markdown(
    [
      "model",
      "persons",
      "perplexity (s.e.)",
      "normalised (s.e.)",
      "valid mass",
      "above fine-tuned, nats, paired (s.e.)",
    ],
    rows.map((row) => [
      row.model,
      row.persons,
      row.perplexity === "" ? row.note : measured(row, "perplexity", 2),
      measured(row, "normalised perplexity", 2, ["normalised", "standard error, normalised"]),
      number(row["valid mass"], 3),
      row.model === "Fine-tuned"
        ? ""
        : measured(row, "log-loss difference", 3, ["in nats", "standard error, nats"]),
    ]),
    1,
  );
}

function claims(rows: readonly Row[]): string {
  // Tables of earlier versions do not say it.
  const over = rows.some((row) => row["error over"] !== undefined);
  const adjusted = rows.some((row) => row["p, adjusted"] !== undefined);
  return markdown(
    [
      "",
      "survey",
      "claim",
      "published",
      "ours (s.e.)",
      ...(over ? ["whole error over"] : []),
      "oracle",
      ...(adjusted ? ["p, adjusted"] : []),
      "verdict",
    ],
    rows.map((row) => [
      row.notebook,
      row.survey,
      row.claim,
      row.published,
      withError(row.ours, row["standard error"], 3),
      ...(over ? [row["error over"]] : []),
      number(row.oracle, 3),
      ...(adjusted ? [number(row["p, adjusted"], 3)] : []),
      row.verdict,
    ]),
    4,
  );
}

function counts(rows: readonly Row[]): string {
  const headings = Object.keys(rows[0]).filter((name) => name !== "note");
  return markdown(
    headings,
    rows.map((row) => headings.map((name) => row[name])),
    1,
  );
}

/** Perplexity by method and number of training persons. */
function shares(rows: readonly Row[]): string {
  const persons = [...new Set(rows.map((row) => row["persons to train"]))]
    .filter((n) => n !== "")
    .sort((a, b) => Number(a) - Number(b));
  const methods = [...new Set(rows.map(({ method }) => method))];
  const cell = (method: string, n: string) => {
    const row = rows.find((one) => one.method === method && one["persons to train"] === n);
    return row === undefined ? "–" : measured(row, "perplexity", 1);
  };
  return markdown(
    ["method", ...persons.map((n) => `${n} persons`)],
    methods.map((method) => [method, ...persons.map((n) => cell(method, n))]),
    1,
  );
}

/**
 * A measure of a row with its standard error.
 * @param earlier headings of tables that were made before measures had one each
 */
function measured(
  row: Row,
  measure: MeasureId,
  decimals: number,
  earlier: readonly [value: string, error: string] = [measure, "standard error"],
): string {
  const heading = headingOf(measure);
  const value = row[heading] ?? row[earlier[0]] ?? "";
  const error = row[`standard error, ${heading}`] ?? row[earlier[1]] ?? "";
  return withError(value, error, decimals);
}

/** A number of a table with so many decimals, fewer from a hundred on; an empty cell, or a word, as it is. */
function number(text: string, decimals: number): string {
  const value = Number(text);
  if (text === "" || Number.isNaN(value)) return text;
  if (!Number.isFinite(value)) return text === "Infinity" ? "∞" : text;
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? Math.min(decimals, 1) : decimals;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function withError(value: string, error: string, decimals: number): string {
  if (value === "") return "";
  return error === "" ? number(value, decimals) : `${number(value, decimals)} (${number(error, decimals)})`;
}

/** A table; columns from `right` on are flush right. */
function markdown(headings: readonly string[], rows: readonly (readonly string[])[], right: number): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(" | ")} |`;
  return [
    line(headings),
    `|${headings.map((_, i) => (i < right ? "---" : "---:")).join("|")}|`,
    ...rows.map(line),
  ].join("\n");
}

const block = /(<!-- table ([a-z0-9-]+)[^>]*-->)[\s\S]*?(<!-- end -->)/g;

/**
 * A document with its tables made again from the result files: what stands between `<!-- table NAME -->` and
 * `<!-- end -->`.
 * @param figures the folder of the profiles' results
 * @throws UserError for a block of a name that there is not, and where a table is missing
 */
export function fillTables(document: string, figures: string): string {
  return document.replace(block, (_, head: string, name: string, tail: string) => {
    if (!Object.hasOwn(blocks, name)) {
      throw new UserError(`there is no table "${name}"`, `Choose one of ${Object.keys(blocks).join(", ")}.`);
    }
    return `${head}\n\n${blocks[name](figures)}\n\n${tail}`;
  });
}
