import type { TableRow } from "../figures/table";
import { type Measurement, where } from "../metrics/measurement";
import { headingOf, type MeasureId } from "../metrics/measures";

/** A row that could not be made, and why: it stays in the table. */
export interface Skipped {
  survey: string;
  model: string;
  reason: string;
}

export interface MeasurementTable {
  /** What is measured, in the order of the columns; each is followed by its standard error, where one is known. */
  measures: readonly MeasureId[];
  /** What the column of models is called. Default "model". */
  models?: string;
  /** In place of that column: what a model's name stands for, by heading. */
  called?: (row: { survey: string; model: string }) => TableRow;
  /** Rows that could not be made. */
  skipped?: readonly Skipped[];
  /** A word beside a model's row. */
  noteOn?: (row: { survey: string; model: string }) => string;
}

/** What tells the rows of a table apart; a column that is the same for all rows is left out but for the first two. */
const keys: readonly (readonly [heading: string, of: (one: Measurement) => string | number | undefined])[] = [
  ["person-years of kind", ({ on }) => on.transition],
  ["by", ({ on }) => on.group?.of],
  ["group", ({ on }) => on.group?.is],
  ["event", ({ on }) => on.event],
  ["years ahead", ({ on }) => on.ahead],
  ["year", ({ on }) => on.year],
  ["observations before, at least", ({ on }) => on.after],
  ["years apart", ({ on }) => on.step],
];

/**
 * Measurements as a table for readers: a row for each model and slice, a column for each measure and its error. Headings are
 * those of `measures`.
 */
export function measurementRows(
  measurements: readonly Measurement[],
  { measures, models = "model", skipped = [], noteOn = () => "", ...table }: MeasurementTable,
): TableRow[] {
  const { called = ({ model }) => ({ [models]: model }) } = table;
  const groups = new Map<string, Measurement[]>();
  for (const one of measurements.filter(({ measure }) => measures.includes(measure))) {
    const key = JSON.stringify([one.survey, one.model, one.on]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups.values()];
  const firsts = rows.map(([first]) => first);
  const shownKeys = keys.filter(([, of]) => new Set(firsts.map(of)).size > 1);
  const hasError = (measure: MeasureId) =>
    where(measurements, { measure }).some(({ estimate }) => !Number.isNaN(estimate.standardError));
  const hasWhole = (measure: MeasureId) =>
    where(measurements, { measure }).some(({ whole }) => whole !== undefined);
  const isPaired = measures.some((measure) =>
    where(measurements, { measure }).some(({ against }) => against !== undefined),
  );
  const tableRows = rows.map((own) => {
    const [{ survey, model, persons, personYears }] = own;
    const { against } = own.find((one) => one.against !== undefined) ?? {};
    const cells = measures.flatMap((measure) => {
      const found = own.find((one) => one.measure === measure);
      const estimate = found?.estimate;
      const heading = headingOf(measure);
      const of = measures.length === 1 ? "" : `, ${heading}`;
      return [
        [heading, estimate?.value],
        ...(hasError(measure) ? [[`standard error${of}`, estimate?.standardError]] : []),
        ...(hasWhole(measure) ? [[`whole error${of}`, found?.whole?.standardError]] : []),
      ];
    });
    return {
      survey,
      ...called({ survey, model }),
      ...Object.fromEntries(shownKeys.map(([heading, of]) => [heading, of(own[0])])),
      persons,
      "person-years": personYears,
      ...Object.fromEntries(cells),
      ...(isPaired ? { against } : {}),
    };
  });
  const notes = firsts.map(noteOn);
  if (skipped.length === 0 && notes.every((note) => note === "")) return tableRows;
  return [
    ...tableRows.map((row, i) => ({ ...row, note: notes[i] })),
    ...skipped.map(({ reason, ...row }) => ({
      survey: row.survey,
      ...called(row),
      note: `not run: ${reason}`,
    })),
  ];
}
