import type { TableRow } from "../figures/table";
import { type Measurement, type Slice, where } from "../metrics/measurement";
import { headingOf, type MeasureId } from "../metrics/measures";

/** A row that could not be made, and why: it stays in the table. */
export interface Skipped {
  survey: string;
  model: string;
  /** Which person-years it would have been of. */
  on?: Partial<Slice>;
  reason: string;
}

export interface MeasurementTable {
  /** What is measured, in the order of the columns; each is followed by its standard error, where one is known. */
  measures: readonly MeasureId[];
  /** Measures whose 95 % interval has columns, too. */
  intervals?: readonly MeasureId[];
  /** More columns, in words, by their heading. */
  also?: Readonly<Record<string, (first: Measurement) => string>>;
  /** What the column of models is called. Default "model". */
  models?: string;
  /** Rows that could not be made. */
  skipped?: readonly Skipped[];
  /** A word beside a model's row. */
  noteOn?: (row: { survey: string; model: string }) => string;
}

/** What tells the rows of a table apart; a column that is the same for all rows is left out but for the first two. */
const keys: readonly (readonly [heading: string, of: (on: Partial<Slice>) => string | number | undefined])[] =
  [
    ["person-years of kind", ({ transition }) => transition],
    ["by", ({ group }) => group?.of],
    ["group", ({ group }) => group?.is],
    ["given", ({ given }) => given],
    ["event", ({ event }) => event],
    ["years ahead", ({ ahead }) => ahead],
    ["year", ({ year }) => year],
    ["change", ({ change }) => change],
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
    also = {},
    models = "model",
    skipped = [],
    noteOn = () => "",
  }: MeasurementTable,
): TableRow[] {
  const groups = new Map<string, Measurement[]>();
  const shown = measurements.filter(({ measure }) => measures.includes(measure));
  const cellOf = ({ survey, model, on, measure }: Measurement) =>
    JSON.stringify([survey, model, on, measure]);
  // A model that is held against several others has a row for each.
  const isAgainstSeveral = new Set(shown.map(cellOf)).size < shown.length;
  for (const one of shown) {
    const key = JSON.stringify([one.survey, one.model, one.on, isAgainstSeveral && one.against]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups.values()];
  const firsts = rows.map(([first]) => first);
  const slices = [
    ...firsts.map(({ on }) => on),
    ...skipped.flatMap(({ on }) => (on === undefined ? [] : [on])),
  ];
  const shownKeys = keys.filter(([, of]) => new Set(slices.map(of)).size > 1);
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
        ...(intervals.includes(measure)
          ? [
              [`low${of}`, estimate?.interval[0]],
              [`high${of}`, estimate?.interval[1]],
            ]
          : []),
        ...(hasWhole(measure) ? [[`whole error${of}`, found?.whole?.standardError]] : []),
      ];
    });
    return {
      survey,
      [models]: model,
      ...Object.fromEntries(shownKeys.map(([heading, of]) => [heading, of(own[0].on)])),
      persons,
      "person-years": personYears,
      ...Object.fromEntries(cells),
      ...(isPaired ? { against } : {}),
      ...Object.fromEntries(Object.entries(also).map(([heading, say]) => [heading, say(own[0])])),
    };
  });
  const notes = firsts.map(noteOn);
  if (skipped.length === 0 && notes.every((note) => note === "")) return tableRows;
  return [
    ...tableRows.map((row, i) => ({ ...row, note: notes[i] })),
    ...skipped.map(({ survey, model, on = {}, reason }) => ({
      survey,
      [models]: model,
      ...Object.fromEntries(shownKeys.map(([heading, of]) => [heading, of(on)])),
      note: `not run: ${reason}`,
    })),
  ];
}
