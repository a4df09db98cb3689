import { strict as assert } from "node:assert";
import { lookOf, numberIn, plainNumeral } from "labor-llm/dist/numerals";

describe("a number in a cell", () => {
  it("is read as R, pandas, Stata and Excel write it", () => {
    const cases: [cell: string, value: number, plain: string][] = [
      ["1998", 1998, "1998"],
      [" 1998 ", 1998, "1998"],
      ["1998.0", 1998, "1998"],
      ["1998.", 1998, "1998"],
      ["2e3", 2000, "2000"],
      ["1e+05", 100_000, "100000"],
      ["1.998E3", 1998, "1998"],
      ["0050", 50, "50"],
      ["-4.0", -4, "-4"],
      [".5", 0.5, ".5"],
      ["12.5", 12.5, "12.5"],
    ];
    for (const [cell, value, plain] of cases) {
      assert.equal(numberIn(cell), value, cell);
      assert.equal(plainNumeral(cell), plain, cell);
    }
  });

  it("is none where it says anything else, and the look of it is named", () => {
    for (const cell of ["", " ", "x", "19x8", "0x7ce", "Infinity", "1 998", "1,998", "--4", "1e", "2e3e4"]) {
      assert.ok(Number.isNaN(numberIn(cell)), cell);
      assert.equal(plainNumeral(cell), cell);
    }
    const looks: [cell: string, look: RegExp | ""][] = [
      ["1,998", /a comma as a thousands separator/],
      ["1.234.567", /a thousands separator/],
      ["1\u202f998", /a thousands separator/],
      ["1,73", /a decimal comma/],
      ["19x8", ""],
    ];
    for (const [cell, look] of looks) {
      if (look === "") assert.equal(lookOf(cell), "");
      else assert.match(lookOf(cell), look);
    }
  });
});
