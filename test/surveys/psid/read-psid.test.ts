import { strict as assert } from "node:assert";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { isPsidDownload, readPsid } from "labor-llm/dist/surveys/psid";
import type { PsidOptions } from "labor-llm/dist/surveys/psid/read-psid";
import { readPsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";
import { inventPersons, type Person, trueCareers, waves } from "../../support/psid/careers";
import { downloadFiles, type Form, writeDownload } from "../../support/psid/download";
import { withScratchFolder } from "../../support/scratch";

describe("the PSID reader", () => {
  const persons = inventPersons(1, 60);
  const variables = readPsidVariables();

  const read = (form: Form, options?: PsidOptions, from: readonly Person[] = persons) =>
    withScratchFolder((folder) => {
      const path = writeDownload(join(folder, "download"), downloadFiles(from, variables, form), form.zip);
      assert.ok(isPsidDownload(path));
      return readPsid(path, options);
    });

  for (const statements of ["do", "sps", "csv"] as const) {
    for (const files of ["merged", "family files", "one family file"] as const) {
      for (const zip of [false, true]) {
        const form = `${statements}, ${files}, ${zip ? "zip" : "folder"}`;
        it(`finds the careers that a synthetic download was made from (${form})`, () => {
          const panel = read({ statements, files, zip });
          assert.deepEqual(panel.careers, trueCareers(persons));
          const observed = panel.careers.reduce((n, { observations }) => n + observations.length, 0);
          assert.equal(panel.rows?.used, observed);
          assert.equal(panel.rows?.read, persons.length * waves.length);
          for (const career of panel.careers) validateCareer(career, panel.titles);
        });
      }
    }
  }

  const separate = downloadFiles(persons, variables, { statements: "do", files: "family files" });
  const familiesOf = (years: readonly number[]) =>
    Object.fromEntries(
      Object.entries(separate).filter(
        ([name]) => !name.startsWith("FAM") || years.some((y) => name.includes(`${y}`)),
      ),
    );
  const of = (years: readonly number[]) =>
    trueCareers(persons)
      .map((career) => ({
        person: career.person,
        years: career.observations
          .filter(({ year }) => years.includes(year))
          .map(({ year, title }) => [year, title]),
      }))
      .filter((career) => career.years.length > 0);
  const found = (panel: ReturnType<typeof readPsid>) =>
    panel.careers.map(({ person, observations }) => ({
      person,
      years: observations.map(({ year, title }) => [year, title]),
    }));

  it("reads the waves that have a family file beside a file of all individuals, and names the others", () => {
    withScratchFolder((folder) => {
      const panel = readPsid(writeDownload(join(folder, "some"), familiesOf([1989, 1990]), false));
      assert.deepEqual(found(panel), of([1989, 1990]));
      assert.deepEqual(panel.rows?.notes, [
        {
          count: waves.length - 2,
          what: "waves have no family file and are left out: 1968 to 1988, 1991 to 2021",
        },
      ]);
      const none = writeDownload(join(folder, "none"), { ...familiesOf([]), "X.csv": "V9\n1\n" }, false);
      assert.throws(() => readPsid(none), {
        name: "UserError",
        message: /no wave from 1968 to 2100 can be read: there is no family file of 1968, 1969, 1970 …/,
      });
    });
  });

  it("reads a file of individuals and family files that came in a zip each, beside archives of other things", () => {
    withScratchFolder((folder) => {
      const zip = (name: string, files: Record<string, string>) => {
        const path = writeDownload(join(folder, "parts"), files, true);
        mkdirSync(join(folder, "psid"), { recursive: true });
        renameSync(path, join(folder, "psid", name));
      };
      const files = Object.entries(familiesOf([1989, 1990]));
      const part = (start: string) => Object.fromEntries(files.filter(([name]) => name.startsWith(start)));
      zip("IND2021ER.ZIP", part("J900001"));
      zip("fam1989.zip", part("FAM1989"));
      zip("fam1990.zip", part("FAM1990"));
      zip("other.zip", { "letter.txt": "dear" });
      writeFileSync(join(folder, "psid", "broken.zip"), "PK");
      const path = join(folder, "psid");
      assert.ok(isPsidDownload(path));
      assert.deepEqual(found(readSurvey(path) as ReturnType<typeof readPsid>), of([1989, 1990]));
      writeFileSync(join(path, "fam1990.zip"), "PK");
      assert.throws(() => readPsid(path), { name: "UserError", message: /fam1990\.zip: / });
      writeFileSync(join(path, "careers.csv"), "person,year,title\n1,2000,Cooks\n");
      assert.throws(() => readSurvey(path), { name: "UserError", message: /more than one survey/ });
    });
  });
});
