import { join } from "node:path";
import { UserError } from "../errors";
import { figuresFolder } from "../figures";
import { readJsonObject, writeFileAtomically } from "../files";
import type { Finding } from "./finding";

const FORMAT = "labor-llm findings, 1";

/** As tables are written: more digits would be noise, and differ from machine to machine. */
const DIGITS = 6;

/**
 * Writes findings to NAME.json of the figures folder, numbers to six digits; JSON has no number that is not finite, which is
 * a word there.
 * @throws UserError where the folder cannot be written
 */
export function saveFindings(name: string, findings: readonly Finding[]): void {
  const text = JSON.stringify(
    { format: FORMAT, findings },
    (_, value: unknown) => {
      if (typeof value !== "number") return value;
      if (!Number.isFinite(value)) return String(value);
      return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
    },
    1,
  );
  writeFileAtomically(join(figuresFolder(), `${name}.json`), `${text}\n`);
}

/** The findings that a notebook left. @throws UserError for a file that holds none */
export function readFindings(path: string): Finding[] {
  const { format, findings } = readJsonObject(path, "Run its notebook again.");
  if (format !== FORMAT || !Array.isArray(findings)) {
    throw new UserError(`${path}: no findings of this version`, "Run its notebook again.");
  }
  return asNumbers(findings) as Finding[];
}

/** Numbers that are not finite, from their words. */
function asNumbers(value: unknown): unknown {
  if (typeof value === "string") return /^(NaN|-?Infinity)$/.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(asNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asNumbers(one)]));
}
