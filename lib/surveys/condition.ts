import type { Table } from "../files";
import { plainNumeral } from "../numerals";
import { numberOf } from "./field";
import type { Condition } from "./panel-map";

/** A condition as a test of rows: each distinct cell is tested once. @throws UserError if a column is absent */
export function conditionTest(table: Table, condition: Condition): (row: number) => boolean {
  const tests = Object.entries(condition).map(([name, test]) => {
    const { values, codes } = table.column(name);
    return {
      codes,
      holds: Uint8Array.from(values, (cell) => (cellTest(test, cell, table.decimalComma) ? 1 : 0)),
    };
  });
  return (row) => {
    for (const { codes, holds } of tests) if (holds[codes[row]] === 0) return false;
    return true;
  };
}

/** A cell that is no number is within no bounds. */
function cellTest(test: Condition[string], cell: string, decimalComma: boolean): boolean {
  if (Array.isArray(test)) return test.includes(cell) || test.includes(plainNumeral(cell));
  const number = numberOf(cell, decimalComma);
  return number >= (test.atLeast ?? -Infinity) && number < (test.below ?? Infinity);
}
