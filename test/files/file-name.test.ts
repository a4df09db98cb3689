import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { fileName } from "labor-llm/dist/files/file-name";
import { surveyNames } from "labor-llm/dist/surveys/read-survey";
import { repositoryFile } from "../support/paths";

describe("the name of a file for the name of a survey", () => {
  const odd = [
    "My_Panel",
    "my_panel",
    "My Panel",
    "MY-PANEL",
    "panel.v2",
    "panel.v3",
    "panel v2",
    "a/b",
    "a\\b",
    "a:b",
    "../a",
    "..",
    ".",
    "",
    " ",
    "-a",
    "a-",
    "a--b",
    "CON",
    "con",
    "nul",
    "com1",
    "调查",
    "职业",
    "опрос",
    "مسح",
    "é",
    "e\u0301",
    "É",
    "ﬁ",
    "fi.",
    "İ",
    "ß",
    "ẞ",
    "😀",
    "😃",
    "\ud83d",
    "a\nb",
    "a\0b",
    "x".repeat(300),
    "x".repeat(301),
    "调".repeat(300),
  ];

  it("is the name itself where that is lower-case words, so that committed figures keep theirs", () => {
    const figures = repositoryFile("figures");
    const committed = ["quick", "standard"].flatMap((profile) =>
      readdirSync(join(figures, profile))
        .filter((name) => name.endsWith(".csv") || name.endsWith(".svg"))
        .map((name) => name.slice(0, -4)),
    );
    assert.ok(committed.length > 50);
    for (const name of [...surveyNames, ...committed, "panel", "wave-12"]) assert.equal(fileName(name), name);
  });

  it("is another one for every other name, on file systems that fold capitals and composed letters too", () => {
    const folded = odd.map((name) => fileName(name).normalize("NFKC").toLowerCase());
    assert.equal(new Set(folded).size, odd.length);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        assert.equal(fileName(a) === fileName(b), a === b);
        if (a !== b) assert.notEqual(fileName(a).toLowerCase(), fileName(b).toLowerCase());
      }),
    );
    // Not even where somebody calls a survey as another's file is called.
    assert.notEqual(fileName(fileName("My_Panel")), fileName("My_Panel"));
  });

  it("is one that a file can have, whatever the name", () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-names-"));
    try {
      for (const name of odd) {
        const path = join(folder, `09-behind-the-oracle-figure-${fileName(name)}.svg`);
        writeFileSync(path, name);
        assert.equal(readFileSync(path, "utf8"), Buffer.from(name).toString());
        assert.doesNotMatch(fileName(name), /^-|[\s/\\:*?"<>|.\0]/);
      }
      assert.equal(readdirSync(folder).length, odd.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("keeps letters and digits of any script readable", () => {
    const readable = { My_Panel: "my-panel", 调查: "调查", "a/b": "a-b", "Ünï 2": "ünï-2", "😀": "name" };
    for (const [name, words] of Object.entries(readable)) {
      assert.match(fileName(name), new RegExp(`^${words}--[0-9a-f]{10}$`));
    }
  });
});
