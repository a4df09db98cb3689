import { strict as assert } from "node:assert";
import { join } from "node:path";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { isPsidDownload, type PsidOptions, readPsid, readPsidVariables } from "labor-llm/dist/surveys/psid";
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
});
