import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { syntheticDownload } from "labor-llm/dist/surveys/nls/synthetic-download";
import { writeDownloadZip } from "labor-llm/dist/surveys/nls/synthetic-files";
import { readPsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { readSurvey, surveyNames, surveyState } from "labor-llm/dist/surveys/read-survey";
import { inventPersons } from "../support/psid/careers";
import { downloadFiles, writeDownload } from "../support/psid/download";
import { withScratchFolder } from "../support/scratch";
import { zipBytes } from "../support/zip-writer";

/** Runs with LABOR_LLM_DATA naming a folder. */
function withUserFolder<T>(folder: string, use: () => T): T {
  const before = process.env.LABOR_LLM_DATA;
  process.env.LABOR_LLM_DATA = folder;
  try {
    return use();
  } finally {
    if (before === undefined) delete process.env.LABOR_LLM_DATA;
    else process.env.LABOR_LLM_DATA = before;
  }
}

describe("a survey", () => {
  const psid = downloadFiles(inventPersons(1, 20), readPsidVariables(), {
    statements: "do",
    files: "merged",
  });

  it("is read by its name from the user's folder, or by its path, whichever download it is", () => {
    withScratchFolder((folder) => {
      for (const name of ["nlsy79", "nlsy97"] as const) {
        writeDownloadZip(join(folder, `${name}.zip`), syntheticDownload(name, { persons: 30, seed: 1 }));
      }
      writeDownload(join(folder, "psid"), psid, true);
      writeFileSync(join(folder, "readme.txt"), "what these are\n");
      withUserFolder(folder, () => {
        for (const name of ["nlsy79", "nlsy97", "psid"]) {
          const state = surveyState(name);
          assert.ok(state.state === "downloaded", name);
          const panel = readSurvey(name);
          assert.equal(panel.name, name);
          assert.ok(panel.careers.length > 0 && panel.rows!.used > 0);
          assert.deepEqual(readSurvey(state.path).careers, panel.careers);
        }
        assert.equal(surveyState("nlsy97-person-year").state, "missing");
      });
    });
  });

  it("that is not there is told how to get, and one that is there twice is not chosen", () => {
    withScratchFolder((folder) => {
      withUserFolder(folder, () => {
        const missing = {
          nlsy79: /NLSY79 to NLS Investigator/,
          psid: /psid\.txt into the Data Center's cart/,
        };
        for (const [name, remedy] of Object.entries(missing)) {
          assert.throws(() => readSurvey(name), { name: "UserError", message: remedy });
        }
        writeDownload(join(folder, "a"), psid, true);
        writeDownload(join(folder, "b"), psid, true);
        assert.throws(() => readSurvey("psid"), {
          name: "UserError",
          message: /psid more than once: .*a.*b/,
        });
      });
    });
  });

  it("is found in a folder that holds no other, and is never guessed", () => {
    withScratchFolder((folder) => {
      assert.throws(() => readSurvey(folder), { name: "UserError", message: /holds no survey/ });
      const file = join(folder, "panel.csv");
      writeFileSync(file, "person,year,title\n1,2000,Cooks\n");
      writeFileSync(join(folder, "notes.md"), "");
      assert.equal(readSurvey(folder).careers.length, 1);
      writeFileSync(join(folder, "second.csv"), "person,year,title\n1,2000,Cooks\n");
      assert.throws(() => readSurvey(folder), {
        name: "UserError",
        message: /more than one survey .*panel\.csv/,
      });
      const other = join(folder, "panel.doc");
      renameSync(file, other);
      assert.throws(() => readSurvey(other), {
        name: "UserError",
        message: /panel\.doc: not a file of a survey/,
      });
      mkdirSync(join(folder, "deep"));
      assert.throws(() => readSurvey(join(folder, "none")), { name: "UserError", message: /is called/ });
    });
  });

  it("in a zip file that cannot be looked into is refused with the reason, not as no survey", () => {
    withScratchFolder((folder) => {
      const zip = join(folder, "nlsy79.zip");
      writeDownloadZip(zip, syntheticDownload("nlsy79", { persons: 3, seed: 1 }));
      const whole = readFileSync(zip);
      const [name, csv] = Object.entries(
        downloadFiles(inventPersons(1, 3), readPsidVariables(), {
          statements: "csv",
          files: "merged",
        }),
      )[0];
      const psidTxt = { name: "J1.txt", contents: "1" };
      const cases: [what: string, bytes: Uint8Array, message: RegExp][] = [
        ["cut", whole.subarray(0, whole.length / 2), /nlsy79\.zip: the zip file is cut short/],
        ["no zip", Buffer.from("no zip file at all, but named one"), /nlsy79\.zip: this is no zip file/],
        ["empty", zipBytes([]), /nlsy79\.zip: the zip file is empty/],
        ["of zips", zipBytes([{ name: "in/a.zip", contents: "" }]), /holds other zip files \(in\/a\.zip\)/],
        ["of notes", zipBytes([{ name: "a.doc", contents: "" }]), /holds no survey \(it holds a\.doc\)/],
        ["encrypted csv", zipBytes([{ name, contents: csv, encrypted: true }]), /\.csv is encrypted/],
        [
          "encrypted statements",
          zipBytes([
            { ...psidTxt, encrypted: true },
            { name: "J1.do", contents: "infix", encrypted: true },
          ]),
          /J1\.(do|txt) is encrypted/,
        ],
        ["Deflate64", zipBytes([{ name, contents: csv, method: 9 }]), /\.csv is packed by Deflate64/],
        [
          "two of a name",
          zipBytes(["a", "b"].map((place) => ({ ...psidTxt, name: `${place}/J1.txt` }))),
          /hold files of one name \(.*a\/J1\.txt, .*b\/J1\.txt\)/,
        ],
      ];
      for (const [what, bytes, message] of cases) {
        writeFileSync(zip, bytes);
        assert.throws(() => readSurvey(zip), { name: "UserError", message }, what);
        // Alone in a folder, and in the folder that LABOR_LLM_DATA names.
        if (!/cut|encrypted|Deflate64/.test(what)) continue;
        assert.throws(() => readSurvey(folder), { name: "UserError", message }, what);
        withUserFolder(folder, () => {
          const named = what === "encrypted statements" ? "psid" : "nlsy79";
          assert.throws(() => readSurvey(named), { name: "UserError", message }, what);
        });
      }
    });
  });

  it("is no pipe, which could be read once alone: it is refused, not waited for", function () {
    if (process.platform === "win32") this.skip();
    withScratchFolder((folder) => {
      for (const [name, map] of [["a.csv"], ["a.parquet"], ["a.zip"], ["b.csv", "map.json"]]) {
        const path = join(folder, name);
        execFileSync("mkfifo", [path]);
        assert.throws(() => readSurvey(path, map), {
          name: "UserError",
          message: `${path}: a pipe, socket or device, which cannot be read twice. Write it to a file first.`,
        });
      }
    });
  });

  it("is found beside a zip file that is damaged", () => {
    withScratchFolder((folder) => {
      writeDownloadZip(join(folder, "good.zip"), syntheticDownload("nlsy97", { persons: 30, seed: 1 }));
      writeFileSync(join(folder, "cut.zip"), "PK");
      assert.equal(readSurvey(folder).name, "nlsy97");
      withUserFolder(folder, () => assert.equal(readSurvey("nlsy97").name, "nlsy97"));
    });
  });

  it("that is synthetic says so in its name and in its text", () => {
    for (const name of surveyNames.filter((one) => one.startsWith("synthetic-"))) {
      const panel = readSurvey(name);
      assert.equal(panel.name, name);
      assert.match(panel.surveyTag, /synthetic/);
    }
  });
});
