import { strict as assert } from "node:assert";
import { readText } from "labor-llm/dist/files/text";
import { crosswalkCoverage, likeliestVintage } from "labor-llm/dist/occupations/coverage";
import { crosswalk } from "labor-llm/dist/occupations/crosswalk";
import { sharedFile } from "../support/shared";

/** Census code and the file's own code of occ1990dd, NaN where missing, one pair a person-year. */
function readCodes(path: string): [census: number, own: number][] {
  const [header, ...lines] = readText(path).trimEnd().split("\n");
  const names = header.replaceAll('"', "").split(",");
  const [occupation, own] = [names.indexOf("job_occ"), names.indexOf("occ1990dd")];
  return lines.map((line) => {
    const cells = line.replaceAll('"', "").split(","); // no cell of this file has a comma
    assert.equal(cells.length, names.length);
    const number = (cell: string) => (cell === "" || cell === "NA" ? Number.NaN : Number(cell));
    return [number(cells[occupation]), number(cells[own])];
  });
}

describe("the occupation codes of the NLSY97 cohort", () => {
  it("have an occupation in 99.4 % of coded person-years, the one that the file itself has", function () {
    const path = sharedFile("real-data", "nlsy97_person_year.csv.gz");
    if (path === undefined) return this.skip();
    const rows = readCodes(path);
    const codes = rows.map(([code]) => code);

    const published = crosswalk("census-2010", { additions: false });
    const asPublished = crosswalkCoverage(codes, published);
    const completed = likeliestVintage(codes, ["census-2002", "census-2010"]);
    assert.equal(completed.vintage, "census-2010");
    assert.ok(asPublished.share >= 0.994, `${asPublished.share}`);
    assert.ok(completed.share > asPublished.share);
    assert.equal(asPublished.coded, codes.filter((code) => code > 0).length);

    const both = rows.filter(
      ([code, own]) => crosswalk("census-2010").toOccupation(code) && !Number.isNaN(own),
    );
    const differing = both.filter(([code, own]) => crosswalk("census-2010").toOccupation(code)?.code !== own);
    assert.deepEqual(differing, []);
    const lost = rows.filter(
      ([code, own]) => !Number.isNaN(own) && !crosswalk("census-2010").toOccupation(code),
    );
    assert.deepEqual(lost, []);
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    console.log(
      `      of ${completed.coded} coded person-years ${percent(asPublished.share)} have an occupation as published, ` +
        `${percent(completed.share)} with additions; ${both.length} compared with the file's own, all the same; lost: ` +
        completed.unmapped.map(({ code, count }) => `${code} (${count})`).join(", "),
    );
  });
});
