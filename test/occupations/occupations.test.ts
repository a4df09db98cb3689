import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { textProblem } from "labor-llm/dist/careers/validate";
import { readCsv } from "labor-llm/dist/files/csv";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { readDescribedOccupations } from "labor-llm/dist/occupations/descriptions";
import { laborTitles, occupationByCode, occupations } from "labor-llm/dist/occupations/occupations";
import { specialStateTitles } from "labor-llm/dist/occupations/special-states";
import { numericTitles, titleText } from "labor-llm/dist/text/titles";
import { sharedFile } from "../support/shared";

const readme = readFileSync(dataFile("occupations", "README.md"), "utf8");

/** The cells of the README's table rows of so many columns. */
function tableRows(columns: number): string[][] {
  const cells = readme
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | "));
  return cells.filter((row) => row.length === columns);
}

describe("the occupations of occ1990dd", () => {
  it("are 332 in order of code, each title fit for the text and unlike the others in more than capitals", () => {
    assert.equal(occupations.length, 332);
    const codes = occupations.map(({ code }) => code);
    assert.deepEqual(
      codes,
      [...new Set(codes)].sort((a, b) => a - b),
    );
    const titles = [...occupations.map(({ title }) => title), ...specialStateTitles];
    assert.equal(new Set(titles.map((title) => title.toLowerCase())).size, 335);
    for (const title of titles) {
      assert.equal(textProblem("title", title), undefined);
      assert.doesNotMatch(title, / {2}| ,|[^\x20-\x7e]/);
    }
  });

  it("are found by code, and by no other number", () => {
    for (let code = -10; code < 1100; code++) {
      assert.equal(
        occupationByCode(code),
        occupations.find((occupation) => occupation.code === code),
      );
    }
    assert.equal(occupationByCode(4.5), undefined);
  });

  it("fall into 26 major and 7 broad groups, each major one inside a broad one, as the README counts them", () => {
    const found = new Map<string, { broad: Set<string>; n: number }>();
    for (const { majorGroup, broadGroup } of occupations) {
      const group = found.get(majorGroup) ?? { broad: new Set(), n: 0 };
      found.set(majorGroup, { broad: group.broad.add(broadGroup), n: group.n + 1 });
    }
    assert.equal(found.size, 26);
    assert.equal(new Set(occupations.map(({ broadGroup }) => broadGroup)).size, 7);
    const told = tableRows(4).filter(([group]) => found.has(group));
    assert.deepEqual(
      new Map(told.map(([group, , n, broad]) => [group, [n, broad]])),
      new Map([...found].map(([group, { broad, n }]) => [group, [String(n), [...broad].join()]])),
    );
  });

  it("differ from the source's labels only where the README says so", function () {
    const file = sharedFile("reference", "occ1990dd_titles.csv");
    if (file === undefined) return this.skip();
    const table = readCsv(file);
    const labels = new Map(table.rows.map((row) => [Number(row[0]), row[table.columnOf("title")]]));
    const changed = occupations.filter(({ code, title }) => labels.get(code) !== title);
    const told = tableRows(4).filter(([code]) => /^\d+$/.test(code));
    assert.deepEqual(
      changed.map(({ code, title }) => [String(code), labels.get(code), title]),
      told.map((row) => row.slice(0, 3)),
    );
  });

  it("have the titles that the base model was trained on, but for four codes", () => {
    const trained = new Map(readDescribedOccupations().map(({ code, title }) => [code, title]));
    const other = occupations.filter(({ code, title }) => trained.get(code) !== title);
    assert.deepEqual(
      other.map(({ code }) => [code, trained.get(code)]),
      [
        [408, "Private household workers"],
        [873, undefined],
        [874, "Production helpers"],
        [905, undefined],
      ],
    );
  });

  it("make, with the special states, 335 titles whose numeric wordings can be told apart", () => {
    const titles = laborTitles();
    assert.deepEqual(titles.titles.slice(332), specialStateTitles);
    const wording = numericTitles(titles);
    assert.equal(wording.of("In education"), "job_334");
    const texts = titles.titles.map((title) => titleText(title, wording));
    for (const [j, text] of texts.entries()) {
      assert.equal(wording.read(text.trim()), titles.titles[j]);
      // The line's end keeps job_14 from taking job_144's probability.
      assert.deepEqual(
        texts.filter((other) => other.startsWith(text)),
        [text],
      );
    }
  });
});
