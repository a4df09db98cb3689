import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import { readParquet } from "labor-llm/dist/files/parquet";
import { occupationByCode } from "labor-llm/dist/occupations/occupations";
import { readMappedPanel } from "labor-llm/dist/surveys/mapped-panel";
import { fixtureMap } from "../support/panel-map";
import { fixture } from "../support/paths";
import { withScratchFolder } from "../support/scratch";

const files = ["none", "snappy", "gzip", "zstd", "brotli", "lz4", "version2"];
const path = (name: string) => fixture("parquet", `${name}.parquet`);

describe("a Parquet file", () => {
  it("gives the panel that its writer had, in every compression and page version", () => {
    for (const name of files) {
      const { careers, rows } = readMappedPanel(path(name), fixtureMap);
      assert.equal(careers.length, 100, name);
      assert.deepEqual([rows?.read, rows?.used], [300, 300]);
      careers.forEach(({ person, covariates, observations }, p) => {
        assert.equal(person, `p${p}`);
        assert.deepEqual(covariates, { gender: p % 2 === 0 ? "female" : "male", birthYear: 1960 + (p % 5) });
        observations.forEach((observation, t) => {
          const i = 3 * p + t;
          const title = i % 7 === 0 ? "Unemployed" : occupationByCode([275, 435, 22][i % 3])?.title;
          const expected = { year: 1990 + t, title, ...(i % 11 === 0 ? {} : { weight: i / 2 }) };
          assert.deepEqual(observation, expected, `${name}, row ${i}`);
        });
      });
    }
  });

  it("whose column is absent or holds lists is refused with the column's name", () => {
    const map = (code: string) => ({
      ...fixtureMap,
      columns: { ...fixtureMap.columns, occupation: { column: code } },
    });
    assert.throws(() => readMappedPanel(path("zstd"), map("job")), {
      name: "UserError",
      message: /zstd\.parquet: there is no column "job" \(the columns are person, year, code, /,
    });
    assert.throws(() => readMappedPanel(path("zstd"), map("jobs")), {
      name: "UserError",
      message: /the column "jobs" holds lists/,
    });
  });

  it("however damaged, gives a table of the rows it names or a clear error", () => {
    withScratchFolder((folder) => {
      const damaged = join(folder, "damaged.parquet");
      const intact = files.map((name) => readFileSync(path(name)));
      const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
      const anyFile = fc
        .tuple(fc.constantFrom(...intact), flips, fc.option(fc.nat(), { freq: 4 }))
        .map(([bytes, changes, cut]) => {
          const copy = Buffer.from(bytes);
          for (const [at, byte] of changes) copy[at % copy.length] = byte;
          return cut === null ? copy : copy.subarray(0, cut % copy.length);
        });
      fc.assert(
        fc.property(fc.oneof(anyFile, fc.uint8Array({ maxLength: 60 })), (bytes) => {
          writeFileSync(damaged, bytes);
          try {
            const keep = (header: readonly string[]) => header.filter((name) => name !== "jobs");
            const table = readParquet(damaged, { keep });
            for (const name of keep(table.header)) {
              const { codes, values } = table.column(name);
              assert.equal(codes.length, table.size);
              assert.ok(codes.every((code) => code >= 0 && code < values.length));
            }
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        }),
        { numRuns: 400 },
      );
    });
  });
});
