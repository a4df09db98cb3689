import type { TableCell, TableRow } from "../figures/table";
import { type Measurement, where } from "../metrics/measurement";
import { headingOf, type MeasureId } from "../metrics/measures";

/** A row that could not be made, and why: it stays in the table. */
export interface Skipped {
  survey: string;
  model: string;
  reason: string;
}

/** Which row of a table. */
export interface RowOf {
  survey: string;
  model: string;
}

/** The same models measured on other persons, to stand in the same rows. */
export interface Beside {
  /** Whose, before the heading of each column: "validation". */
  of: string;
  measurements: readonly Measurement[];
  measures: readonly MeasureId[];
}

export interface MeasurementTable {
  /** What is measured, in the order of the columns; each is followed by its standard error, where one is known. */
  measures: readonly MeasureId[];
  /** Further columns of the same rows. */
  beside?: Beside;
  /** What the column of models is called. Default "model". */
  models?: string;
  /** What is in that column. Default: the model's name. */
  nameOf?: (row: RowOf) => TableCell;
  /** What else is known of a row, in columns after the model: of every row the same columns. */
  columnsOn?: (row: RowOf) => TableRow;
  /** Rows that could not be made. */
  skipped?: readonly Skipped[];
  /** A word beside a model's row. */
  noteOn?: (row: RowOf) => string;
}

type Key = string | number | undefined;

/** What tells the rows of a table apart; a column that is the same for all rows, or as usual, is left out. */
const keys: readonly (readonly [heading: string, of: (one: Measurement) => Key, usual?: Key])[] = [
  ["person-years of kind", ({ on }) => on.transition],
  ["by", ({ on }) => on.group?.of],
  ["group", ({ on }) => on.group?.is],
  ["event", ({ on }) => on.event],
  ["years ahead", ({ on }) => on.ahead],
  ["year", ({ on }) => on.year],
  ["persons of", ({ on }) => on.predicts ?? "test", "test"],
];

/**
 * Measurements as a table for readers: a row for each model and slice, a column for each measure and its error. Headings are
 * those of `measures`.
 */
export function measurementRows(
  measurements: readonly Measurement[],
  {
    measures,
    beside,
    models = "model",
    nameOf = ({ model }) => model,
    columnsOn = () => ({}),
    skipped = [],
    noteOn = () => "",
  }: MeasurementTable,
): TableRow[] {
  const groups = new Map<string, Measurement[]>();
  for (const one of measurements.filter(({ measure }) => measures.includes(measure))) {
    const key = JSON.stringify([one.survey, one.model, one.on]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups.values()];
  const firsts = rows.map(([first]) => first);
  const shownKeys = keys.filter(([, of, usual]) =>
    firsts.some((one) => of(one) !== (usual ?? of(firsts[0]))),
  );
  const isPaired = measures.some((measure) =>
    where(measurements, { measure }).some(({ against }) => against !== undefined),
  );
  const tableRows = rows.map((own) => {
    const [{ survey, model, persons, personYears }] = own;
    const { against } = own.find((one) => one.against !== undefined) ?? {};
    return {
      survey,
      [models]: nameOf(own[0]),
      ...columnsOn(own[0]),
      ...Object.fromEntries(shownKeys.map(([heading, of]) => [heading, of(own[0])])),
      persons,
      "person-years": personYears,
      ...cellsOf(own, measurements, { measures }),
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
      [models]: nameOf(row),
      ...columnsOn(row),
      note: `not run: ${reason}`,
    })),
  ];
}

/** What is measured of one row, with those errors that are known of some row. */
function cellsOf(
  own: readonly Measurement[],
  all: readonly Measurement[],
  { measures, of }: Pick<Beside, "measures"> & Partial<Pick<Beside, "of">>,
): TableRow {
  const cells: Record<string, TableCell> = {};
  for (const measure of measures) {
    const found = own.find((one) => one.measure === measure);
    const same = where(all, { measure });
    const heading = of === undefined ? headingOf(measure) : `${of} ${headingOf(measure)}`;
    const after = measures.length === 1 && of === undefined ? "" : `, ${heading}`;
    cells[heading] = found?.estimate.value;
    if (same.some(({ estimate }) => !Number.isNaN(estimate.standardError))) {
      cells[`standard error${after}`] = found?.estimate.standardError;
    }
    if (same.some(({ whole }) => whole !== undefined)) {
      cells[`whole error${after}`] = found?.whole?.standardError;
    }
  }
  return cells;
}
