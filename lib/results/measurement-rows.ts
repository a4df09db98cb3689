import type { TableRow } from "../figures/table";
import { everyone, type Measurement, where } from "../metrics/measurement";
import { headingOf, type MeasureId } from "../metrics/measures";

/** A row that could not be made, and why: it stays in the table. */
export interface Skipped {
  survey: string;
  model: string;
  reason: string;
}

export interface MeasurementTable {
  /** What is measured, in the order of the columns; each is followed by its standard error and its p-value, where there is one. */
  measures: readonly MeasureId[];
  /** Measures of which the 95 % interval is shown too. Default none. */
  intervals?: readonly MeasureId[];
  /** What the column of models is called. Default "model". */
  models?: string;
  /** Rows that could not be made. */
  skipped?: readonly Skipped[];
  /** A word beside a model's row. */
  noteOn?: (row: { survey: string; model: string }) => string;
}

/** What tells the rows of a table apart; a column that is the same for all rows is left out but for the first two. */
const keys: readonly (readonly [heading: string, of: (one: Measurement) => string | number | undefined])[] = [
  ["person-years of kind", ({ on }) => on.transition],
  ["by", ({ on }) => (on.group ?? everyone).of],
  ["group", ({ on }) => (on.group ?? everyone).is],
  ["event", ({ on }) => on.event],
  ["years ahead", ({ on }) => on.ahead],
  ["year", ({ on }) => on.year],
];

/**
 * Measurements as a table for readers: a row for each model and slice, a column for each measure and its error. Headings are
 * those of `measures`.
 */
export function measurementRows(
  measurements: readonly Measurement[],
  { measures, intervals = [], models = "model", skipped = [], noteOn = () => "" }: MeasurementTable,
): TableRow[] {
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
  const pHeading = (measure: MeasureId) => {
    const own = where(measurements, { measure });
    if (own.some(({ among }) => among !== undefined)) return ["adjusted p"];
    return own.some(({ p }) => p !== undefined) ? ["p"] : [];
  };
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
          ? ["low", "high"].map((end, i) => [`${end}${of}`, estimate?.interval[i]])
          : []),
        ...(hasWhole(measure) ? [[`whole error${of}`, found?.whole?.standardError]] : []),
        ...pHeading(measure).map((name) => [`${name}${of}`, (found?.among ?? found)?.p]),
      ];
    });
    return {
      survey,
      [models]: model,
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
    ...skipped.map(({ survey, model, reason }) => ({ survey, [models]: model, note: `not run: ${reason}` })),
  ];
}
