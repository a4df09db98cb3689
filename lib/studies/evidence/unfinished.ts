import type { FitReport } from "../../methods";

/** Whether validation had not turned when a fit ended: its best epoch is the last that was trained. */
export function isUnfinished({ bestEpoch, history }: Pick<FitReport, "bestEpoch" | "history">): boolean {
  return bestEpoch !== undefined && history !== undefined && bestEpoch === history.length;
}

/** What a table says beside such a fit; nothing beside any other. */
export function unfinishedNote(report: Pick<FitReport, "bestEpoch" | "history"> | undefined): string {
  if (report === undefined || !isUnfinished(report)) return "";
  return `best epoch is the last (${report.bestEpoch} of ${report.history!.length})`;
}

/** A sentence for a caption on fits whose best epoch is the last; nothing where there is none. */
export function unfinishedSentence(
  comparisons: readonly {
    survey: string;
    outcomes: Readonly<Record<string, Pick<FitReport, "bestEpoch" | "history">>>;
  }[],
): string {
  const named = comparisons.flatMap(({ survey, outcomes }) =>
    Object.entries(outcomes).flatMap(([label, outcome]) =>
      isUnfinished(outcome)
        ? [`${label} on ${survey} (${outcome.bestEpoch} of ${outcome.history!.length})`]
        : [],
    ),
  );
  if (named.length === 0) return "In every trained fit the validation loss had turned.";
  return `Fits whose best epoch is the last, so that more training might still help: ${named.join("; ")}.`;
}
