import { existsSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { DamagedFile } from "../../errors";
import { earlierFiguresFolder } from "../../figures";
import { digest, fileName, readSealed, sealOf, writeSealed } from "../../files";
import type { FitReport } from "../../methods";
import type { ObservedScores, PersonYearRows } from "../../predictions";

/** What log-probabilities of a fit are a function of. Digests tell a change of it, and nobody's career. */
export interface FitIdentity {
  /** Method, settings, wording and seed of the fit, as plain data; how its data were chosen. */
  configuration: object;
  /** Digest of all that the fit is a function of but engine and code: settings, base model, training careers, titles. */
  fit: string;
  /** Digest of the careers that are predicted and of which of their years are scored; `fit` is its salt. */
  careers: string;
  /** Digest of the code that fits and predicts, and the engine. */
  code: string;
  engine: string;
}

/** What a costly fit said of what happened: small enough to be committed, without a person in it. */
export interface SavedScores extends FitIdentity {
  survey: string;
  persons: { train: number; validation: number; test: number };
  personYears: number;
  report: FitReport;
  seconds: { fit: number; predict: number };
  /**
   * (person-years) ln P of the title that happened, six digits, in the order of the split's test persons and of their
   * years; null is -Infinity.
   */
  logProbability: (number | null)[];
}

/** Numbers that the predictions of a fit come to, each under its name: what a claim needs of them, without a person in it. */
export interface SavedMeasure extends FitIdentity {
  survey: string;
  values: Readonly<Record<string, number | null>>;
}

/** Formats of the files; another is none of ours. */
const FORMAT = "labor-llm log-probabilities of what happened, 1";
const MEASURE_FORMAT = "labor-llm numbers of predictions, 1";

/**
 * Where the numbers of a configuration are: in `fits` of the folder of results. The name is of the configuration, not of
 * the data, so that numbers of other careers are found, and refused, not overlooked.
 */
export function savedScoresFile(
  survey: string,
  { configuration }: Pick<FitIdentity, "configuration">,
): string {
  const { method } = configuration as { method?: string };
  const name = [fileName(survey), method, digest(inOrder(configuration)).slice(0, 12)].join("-");
  return join(earlierFiguresFolder(), "fits", `${name}.json`);
}

/** A value with the properties of each object by name: how they were written down does not count. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const properties = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(properties.map(([name, one]) => [name, inOrder(one)]));
}

/**
 * The numbers of an earlier fit of the same configuration, on the same training careers and of the same test careers. One
 * line on standard error says why numbers that are there are not used.
 */
export function readSavedScores(
  survey: string,
  identity: FitIdentity,
  personYears: number,
): SavedScores | undefined {
  const path = savedScoresFile(survey, identity);
  return readSaved<SavedScores>(
    path,
    FORMAT,
    identity,
    (found) => found.logProbability.length === personYears,
  );
}

/** The numbers of an earlier fit's predictions, as `readSavedScores`. @param identity its configuration names the measure */
export function readSavedMeasure(survey: string, identity: FitIdentity): SavedMeasure | undefined {
  return readSaved<SavedMeasure>(savedScoresFile(survey, identity), MEASURE_FORMAT, identity);
}

function readSaved<Kept extends FitIdentity>(
  path: string,
  format: string,
  identity: FitIdentity,
  isOfThese: (kept: Kept) => boolean = () => true,
): Kept | undefined {
  if (!existsSync(path)) return undefined;
  const problem = (what: string) => {
    process.stderr.write(`${path}: ${what}; it is not used\n`);
    return undefined;
  };
  let found: Kept & { format: string };
  try {
    found = readSealed(path);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    return problem("damaged (it is not as it was written)");
  }
  if (found.format !== format) return problem("of another format");
  if (found.fit !== identity.fit) return problem("its fit had other training careers or another base model");
  if (found.careers !== identity.careers || !isOfThese(found)) {
    return problem("of other test persons, or of other years of them");
  }
  return found;
}

/** Keeps the numbers of a fit, unless the same are there. @throws UserError if the file cannot be written */
export function writeSavedScores(kept: Omit<SavedScores, "logProbability">, of: ObservedScores): SavedScores {
  const path = savedScoresFile(kept.survey, kept);
  const logProbability = Array.from(of.observedLogProbability, (logP) =>
    logP === -Infinity ? null : Number(logP.toPrecision(6)),
  );
  const value = { format: FORMAT, ...kept, logProbability };
  if (!isSame(path, value, ({ logProbability: there }) => there)) writeSealed(path, value);
  return value;
}

/** Keeps what a fit's predictions come to, six digits, unless the same is there. @throws UserError if the file cannot be written */
export function writeSavedMeasure(
  kept: Omit<SavedMeasure, "values">,
  of: Readonly<Record<string, number>>,
): SavedMeasure {
  const path = savedScoresFile(kept.survey, kept);
  const rounded = Object.entries(of).map(([name, x]) => [
    name,
    Number.isNaN(x) ? null : Number(x.toPrecision(6)),
  ]);
  const value = {
    format: MEASURE_FORMAT,
    ...kept,
    values: Object.fromEntries(rounded) as SavedMeasure["values"],
  };
  if (!isSame(path, value, ({ values }) => values)) writeSealed(path, value);
  return value;
}

/** Whether the numbers that are there are of the same fit by the same code: wall times alone would differ. */
function isSame<Kept extends FitIdentity>(path: string, kept: Kept, said: (kept: Kept) => unknown): boolean {
  if (!existsSync(path)) return false;
  try {
    const there = readSealed<Kept>(path);
    const { fit, careers, code } = kept;
    return (
      there.fit === fit &&
      there.careers === careers &&
      there.code === code &&
      sealOf(said(there)) === sealOf(said(kept))
    );
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    return false;
  }
}

/** What kept numbers say of the observed titles, in single precision as a model's own. @param rows of the same person-years */
export function scoresOf({ logProbability }: SavedScores, rows: PersonYearRows): ObservedScores {
  return {
    ...rows,
    observedLogProbability: Float64Array.from(logProbability, (logP) => Math.fround(logP ?? -Infinity)), // (N)
  };
}

/** What a table says of a row that this run would not have made to the digit: by other code, or on another engine. */
export function noteOn({ code, engine }: FitIdentity, now: FitIdentity): string | undefined {
  if (code === now.code && engine === now.engine) return undefined;
  const differs =
    code === now.code
      ? `engine ${engine}`
      : `code ${code}, other than this run's ${now.code}, engine ${engine}`;
  return `from the committed log-probabilities of an earlier fit, not fitted here: ${differs}`;
}

/** A configuration as plain data that says nothing of the machine: paths by their last part. */
export function withoutPaths<Value>(value: Value): Value {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === "string" && (isAbsolute(one) || /[\\/]/.test(one)) ? basename(one) : one,
  );
  return JSON.parse(text) as Value;
}
