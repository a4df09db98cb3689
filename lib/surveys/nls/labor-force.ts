import type { Round } from "./rounds";
import type { NlsRules } from "./rules";

/** Labor force status of a person in a year; "undetermined": without work, unemployed or not is not known. */
export type LaborForceStatus = "work" | "unemployed" | "out" | "military" | "undetermined";

/** In this order a tie of weeks is settled. */
const order: readonly LaborForceStatus[] = ["work", "unemployed", "out", "military", "undetermined"];

/** What the codes of a survey's weekly array and of its status in the survey week mean. */
export interface StatusCodes {
  /** Undefined: no information. */
  ofWeek(code: number): LaborForceStatus | undefined;
  ofRound(code: number): LaborForceStatus | undefined;
}

/**
 * The status of a person in a round's year by the rules; undefined where neither the weekly array nor the status in
 * the survey week tells one.
 */
export function statusOfYear(
  round: Round,
  row: number,
  codes: StatusCodes,
  rules: NlsRules,
): LaborForceStatus | undefined {
  const inRound = round.status === undefined ? undefined : codes.ofRound(round.status[row]);
  if (rules.status === "round" && inRound !== undefined) return inRound;
  const byWeeks = ofMostWeeks(round.weeks, row, codes, rules.minimumWeeks);
  // Weeks without work of which nothing else is known say less than the status in the survey week.
  if (byWeeks === undefined || byWeeks === "undetermined") return inRound ?? byWeeks;
  return byWeeks;
}

/** Whether the download has anybody's labor force status of a round's year. */
export function tellsStatus({ status, weeks }: Round, codes: StatusCodes): boolean {
  const known = (column: Int32Array, read: (code: number) => unknown) =>
    column.some((code) => read(code) !== undefined);
  return (
    (status !== undefined && known(status, codes.ofRound)) || weeks.some((week) => known(week, codes.ofWeek))
  );
}

function ofMostWeeks(
  weeks: readonly Int32Array[],
  row: number,
  codes: StatusCodes,
  minimum: number,
): LaborForceStatus | undefined {
  const counts = [0, 0, 0, 0, 0];
  let known = 0;
  for (const week of weeks) {
    const status = codes.ofWeek(week[row]);
    if (status === undefined) continue;
    counts[order.indexOf(status)]++;
    known++;
  }
  if (known < minimum) return undefined;
  return order[counts.indexOf(Math.max(...counts))];
}
