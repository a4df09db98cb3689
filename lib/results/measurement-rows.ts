import type { TableCell, TableRow } from "../figures";
import { everyone, headingOf, type MeasureId, type Measurement, type Slice, where } from "../metrics";

/** Which row of a table. */
export interface RowOf {
  survey: string;
  model: string;
  /** Which person-years it is of; of a row that could not be made as far as it is known. */
  on?: Partial<Slice>;
}

/** A row that could not be made, and why: it stays in the table. */
export interface Skipped extends RowOf {
  reason: string;
}

/** The same models measured on other persons, to stand in the same rows. */
export interface Beside {
  /** Whose, before the heading of each column: "validation". */
  of: string;
  measurements: readonly Measurement[];
  measures: readonly MeasureId[];
}

export interface MeasurementTable {
  /** What is measured, in the order of the columns; each is followed by its standard error and its p-value, where there is one. */
  measures: readonly MeasureId[];
  /** Measures of which the 95 % interval is shown too. Default none. */
  intervals?: readonly MeasureId[];
  /** Further columns of the same rows. */
  beside?: Beside;
  /** What the column of models is called. Default "model". */
  models?: string;
  /**
   * In place of that column: what a row is called and what else is known of it, by heading; of every row the same columns.
   * @param models what the column of models is called
   */
  called?: (row: RowOf, models: string) => TableRow;
  /** Rows that could not be made. */
  skipped?: readonly Skipped[];
  /** A word beside a model's row. */
  noteOn?: (row: RowOf) => string;
}

/** What tells the rows of a table apart; a column that is the same for all rows, or as usual, is left out. */
const keys: readonly (readonly [
  heading: string,
  of: (on: Partial<Slice>) => TableCell,
  usual?: TableCell,
])[] = [
  ["person-years of kind", ({ transition }) => transition],
  ["by", ({ group = everyone }) => group.of],
  ["group", ({ group = everyone }) => group.is],
  ["given", ({ given }) => given],
  ["event", ({ event }) => event],
  ["years ahead", ({ ahead }) => ahead],
  ["year", ({ year }) => year],
  ["change", ({ change }) => change],
  ["observations before, at least", ({ after }) => after],
  ["years apart", ({ step }) => step],
  ["persons of", ({ predicts }) => predicts ?? "test", "test"],
];

/**
 * Measurements as a table for readers: a row for each model and slice, a column for each measure and its error. Headings are
 * those of `measures`.
 */
export function measurementRows(
  measurements: readonly Measurement[],
  {
    measures,
    intervals = [],
    beside,
    models = "model",
    called = ({ model }, heading) => ({ [heading]: model }),
    skipped = [],
    noteOn = () => "",
  }: MeasurementTable,
): TableRow[] {
  const shown = measurements.filter(({ measure }) => measures.includes(measure));
  const rows = rowsOf(shown);
  const firsts = rows.map(([first]) => first);
  const slices = [...firsts, ...skipped].flatMap(({ on }) => (on === undefined ? [] : [on]));
  const shownKeys = keys.filter(([, of, usual]) => slices.some((on) => of(on) !== (usual ?? of(slices[0]))));
  const keyed = (on: Partial<Slice>) => Object.fromEntries(shownKeys.map(([name, of]) => [name, of(on)]));
  const isPaired = shown.some(({ against }) => against !== undefined);
  const tableRows = rows.map((own): TableRow => {
    const [{ survey, model, on, persons, personYears }] = own;
    const { against } = own.find((one) => one.against !== undefined) ?? {};
    return {
      survey,
      ...called({ survey, model, on }, models),
      ...keyed(on),
      persons,
      "person-years": personYears,
      ...cellsOf(own, shown, { measures, intervals }),
      ...(beside && cellsOf(where(beside.measurements, { survey, model }), beside.measurements, beside)),
      ...(isPaired ? { against } : {}),
    };
  });
  const notes = firsts.map(noteOn);
  if (skipped.length === 0 && notes.every((note) => note === "")) return tableRows;
  return [
    ...tableRows.map((row, i) => ({ ...row, note: notes[i] })),
    ...skipped.map(({ reason, ...row }) => ({
      survey: row.survey,
      ...called(row, models),
      ...(row.on === undefined ? {} : keyed(row.on)),
      note: `not run: ${reason}`,
    })),
  ];
}

/** Measurements of one model and slice together; a model that is held against several others has a row for each. */
function rowsOf(measurements: readonly Measurement[]): Measurement[][] {
  const cellOf = ({ survey, model, on, measure }: Measurement) =>
    JSON.stringify([survey, model, on, measure]);
  const isAgainstSeveral = new Set(measurements.map(cellOf)).size < measurements.length;
  const groups = new Map<string, Measurement[]>();
  for (const one of measurements) {
    const key = JSON.stringify([one.survey, one.model, one.on, isAgainstSeveral && one.against]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** What is measured of one row, with those errors and p-values that are known of some row. */
function cellsOf(
  own: readonly Measurement[],
  all: readonly Measurement[],
  { measures, intervals = [], of }: Pick<MeasurementTable, "measures" | "intervals"> & Partial<Beside>,
): TableRow {
  const cells: Record<string, TableCell> = {};
  for (const measure of measures) {
    const found = own.find((one) => one.measure === measure);
    const same = where(all, { measure });
    const heading = of === undefined ? headingOf(measure) : `${of} ${headingOf(measure)}`;
    const after = measures.length === 1 && of === undefined ? "" : `, ${heading}`;
    cells[heading] = found?.estimate.value;
    if (same.some(({ estimate }) => !Number.isNaN(estimate.standardError)))
      cells[`standard error${after}`] = found?.estimate.standardError;
    if (intervals.includes(measure)) {
      cells[`low${after}`] = found?.estimate.interval[0];
      cells[`high${after}`] = found?.estimate.interval[1];
    }
    if (same.some(({ whole }) => whole !== undefined))
      cells[`whole error${after}`] = found?.whole?.standardError;
    if (same.some(({ among }) => among !== undefined))
      cells[`adjusted p${after}`] = (found?.among ?? found)?.p;
    else if (same.some(({ p }) => p !== undefined)) cells[`p${after}`] = found?.p;
  }
  return cells;
}
