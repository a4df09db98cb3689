import { gzipSync } from "node:zlib";
import type { Career } from "../../careers";
import { checkOutputFile, type OutputRules, writeFileAtomically } from "../../files";
import type { SyntheticKind } from "./designs";
import { type SyntheticOptions, streamSurvey } from "./survey";

const CHUNK = 1 << 20; // characters

/**
 * Writes a synthetic survey as a long-format CSV file, which `readLongFormat` reads, in constant memory whatever the
 * number of persons; compressed where the path ends in `.gz`. The file appears only when it is complete.
 * @param options `force` replaces a file: one of a survey has the columns of any other
 * @returns persons and person-years written
 * @throws UserError as `syntheticSurvey`, and where the file cannot be written or one is there
 */
export function writeSurvey(
  path: string,
  kind: SyntheticKind,
  options: SyntheticOptions & Pick<OutputRules, "force"> = {},
): { persons: number; personYears: number } {
  checkOutputFile(path, { force: options.force });
  const written = { persons: 0, personYears: 0 };
  const counted = (function* () {
    for (const career of streamSurvey(kind, options)) {
      written.persons++;
      written.personYears += career.observations.length;
      yield career;
    }
  })();
  const chunks = longFormat(counted);
  writeFileAtomically(path, /\.gz$/i.test(path) ? compressed(chunks) : chunks);
  return written;
}

/** Careers as the text of a long-format CSV file, in chunks of about a megabyte. */
export function* longFormat(careers: Iterable<Career>): Generator<string, void> {
  let text = "person,year,title,education,gender,ethnicity,region,birth_year\n";
  for (const { person, covariates, observations } of careers) {
    const { gender, ethnicity, region, birthYear } = covariates;
    const end = `,${cell(gender)},${cell(ethnicity)},${cell(region)},${birthYear ?? ""}\n`;
    const start = cell(person);
    for (const { year, title, education } of observations) {
      text += `${start},${year},${cell(title)},${cell(education)}${end}`;
    }
    if (text.length >= CHUNK) {
      yield text;
      text = "";
    }
  }
  yield text;
}

const cell = (value = "") => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Each chunk a member of its own: a gzip file may hold many, one after the other (RFC 1952, 2.2). */
function* compressed(chunks: Iterable<string>): Generator<Uint8Array, void> {
  for (const chunk of chunks) yield gzipSync(chunk, { level: 4 });
}
