import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import fc from "fast-check";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { UserError } from "labor-llm/dist/errors";
import { readNlsy79, readNlsy97 } from "labor-llm/dist/surveys/nls";
import type { NlsPanel } from "labor-llm/dist/surveys/nls/read-cohort";
import { syntheticDownload } from "labor-llm/dist/surveys/nls/synthetic-download";
import { writeDownloadFiles, writeDownloadZip } from "labor-llm/dist/surveys/nls/synthetic-files";

interface Damage {
  kind: "replace" | "insert" | "remove" | "cut" | "repeat";
  /** Place and length as parts of the whole. */
  at: number;
  length: number;
  bytes: string;
}

const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("replace", "insert", "remove", "cut", "repeat"),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.01, noNaN: true })),
    bytes: fc.oneof(
      fc.constantFrom("-5", "9", ",", "\n", "\r", '"', " ", "\0", "\ufeff", "999999999", "R0000100", "PK"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

function damaged(bytes: Buffer, damage: readonly Damage[]): Buffer {
  return damage.reduce((whole, { kind, at, length, bytes: text }) => {
    const start = Math.floor(at * whole.length);
    const end = Math.min(whole.length, start + 1 + Math.floor(length * whole.length));
    const [before, part, after] = [whole.subarray(0, start), whole.subarray(start, end), whole.subarray(end)];
    const put = Buffer.from(text, "utf8");
    if (kind === "cut") return before;
    if (kind === "remove") return Buffer.concat([before, after]);
    if (kind === "repeat") return Buffer.concat([before, part, part, after]);
    return Buffer.concat([before, put, kind === "insert" ? part : Buffer.alloc(0), after]);
  }, bytes);
}

/** A panel whose account adds up. */
function checkPanel({ careers, rows, titles }: NlsPanel): void {
  let observations = 0;
  for (const career of careers) {
    validateCareer(career, titles);
    observations += career.observations.length;
  }
  assert.equal(rows.used, observations);
  const dropped = rows.dropped.reduce((n, { rows: lost }) => n + lost, 0);
  assert.equal(rows.read, rows.used + dropped);
}

describe("damaged downloads of the NLSY", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-fuzz-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("give a panel whose account adds up or a user's error, never another", () => {
    const readers = { nlsy79: readNlsy79, nlsy97: readNlsy97 };
    const wholes = (["nlsy79", "nlsy97"] as const).flatMap((survey) => {
      const download = syntheticDownload(survey, { persons: 2, seed: 5 });
      const paths = writeDownloadFiles(folder, download, [".csv", ".dct", ".dat", ".sdf"]);
      const zip = join(folder, `${survey}.zip`);
      writeDownloadZip(zip, download);
      return [...paths, zip].map((path) => ({ survey, path, bytes: readFileSync(path) }));
    });
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...wholes), damages, ({ survey, path, bytes }, damage) => {
        writeFileSync(path, damaged(bytes, damage));
        // A damaged .sdf is met on the way to its .dat.
        const target = extname(path) === ".sdf" ? path.replace(/sdf$/, "dat") : path;
        try {
          checkPanel(readers[survey](target));
          read++;
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          refused++;
        } finally {
          writeFileSync(path, bytes);
        }
      }),
      { numRuns: 200 },
    );
    assert(read > 5 && refused > 40, `${read} read, ${refused} refused`);
  });
});
