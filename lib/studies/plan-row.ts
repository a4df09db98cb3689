import type { Comparison, NamedExperiment } from "../experiments";
import type { TableCell, TableRow } from "../figures";
import type { FitReport } from "../methods";
import { type Measurement, where } from "../metrics";
import type { MeasurementTable } from "../results";
import type { Results } from "./study";

/** An experiment as a row of a table: several are of one name, and the columns tell them apart. */
export interface PlanRow extends NamedExperiment {
  name: TableCell;
  columns: TableRow;
}

/** What fits tell of themselves, by the headings of tables. */
const ofFits = {
  parameters: ({ parameters }: FitReport) => parameters,
  "validation loss, nats per token": ({ validationLoss }: FitReport) => validationLoss,
  "best epoch": ({ bestEpoch }: FitReport) => bestEpoch,
  epochs: ({ history }: FitReport) => history?.length,
};

/** What tables and figures show of a plan's rows. */
export interface ShownRows {
  /** Of the rows on all person-years; without the law's own. */
  overall: Measurement[];
  /** What the rows are called and told apart by, which could not be made, and notes, as `measurementRows` takes them. */
  table: Required<Pick<MeasurementTable, "called" | "skipped" | "noteOn">>;
}

/** Rows of a plan with what was found of them. @param known further columns, by label */
export function shownRows(
  rows: readonly PlanRow[],
  { measurements, skipped, noteOn }: Results,
  known: (label: string) => TableRow = () => ({}),
): ShownRows {
  const byLabel = new Map(rows.map((row) => [row.label, row]));
  return {
    overall: where(measurements, { on: { transition: "all" } }).filter(({ model }) => byLabel.has(model)),
    table: {
      called: ({ model }, heading) => ({
        [heading]: byLabel.get(model)?.name,
        ...byLabel.get(model)?.columns,
        ...known(model),
      }),
      skipped: skipped.filter(({ model }) => byLabel.has(model)),
      noteOn,
    },
  };
}

/** What the fits of a comparison tell of themselves, as columns by label; empty of what was not fitted. */
export function fitColumns(
  { outcomes }: Pick<Comparison, "outcomes">,
  headings: readonly (keyof typeof ofFits)[],
): (label: string) => TableRow {
  return (label) =>
    Object.fromEntries(
      headings.map((heading) => [heading, outcomes[label] && ofFits[heading](outcomes[label])]),
    );
}
