import { benjaminiHochberg } from "./benjamini-hochberg";
import type { Measurement } from "./measurement";

/**
 * Measurements with their p-values adjusted for the number of slices that a survey's model is measured on, measure by
 * measure (`benjaminiHochberg`): among many groups or events one stands out by chance. Those without a p-value stay as they are.
 * @param what the slices are, for readers
 */
export function withAdjustedP(
  measurements: readonly Measurement[],
  what: "groups" | "events",
): Measurement[] {
  const familyOf = ({ survey, model, measure, against }: Measurement) =>
    JSON.stringify([survey, model, measure, against]);
  const families = new Map<string, number[]>();
  for (const one of measurements) {
    if (one.p === undefined) continue;
    const key = familyOf(one);
    families.set(key, [...(families.get(key) ?? []), one.p]);
  }
  const adjusted = new Map(
    [...families].map(([key, p]) => [key, { all: benjaminiHochberg(p).values(), of: p.length }]),
  );
  return measurements.map((one) => {
    if (one.p === undefined) return one;
    const { all, of } = adjusted.get(familyOf(one))!;
    return { ...one, among: { p: all.next().value!, of, what } };
  });
}
