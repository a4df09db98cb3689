import { measures } from "../metrics";
import type { Finding } from "./finding";

/** A finding's outcome as a sentence for tables: the one place where a finding becomes words. */
export function verdictOf(finding: Finding): string {
  return `${judgement(finding)}${amongInWords(finding)}${withoutInWords(finding)}`;
}

function judgement({ claim, measure, side, outcome, value }: Finding): string {
  const { expects, sides = {} } = claim;
  const own = side === "above" ? sides.above : side === "below" ? sides.below : undefined;
  const margin = expects.is === "within" ? `${expects.margin} ${measures[measure].unit}`.trim() : "";
  switch (outcome) {
    case "replicates":
      return expects.is === "within" ? `replicates within ${margin}` : "replicates in sign";
    case "supported":
    case "supported for this fit":
      if (expects.is === "within") return `${outcome}: equal within ${margin}`;
      return expects.is === "at most"
        ? `${outcome}: ${sides.below ?? "exactly"}`
        : own === undefined
          ? `${outcome}, beyond its error`
          : `${outcome}: ${own}`;
    case "not supported":
    case "contradicts the paper":
      if (own !== undefined) return `${outcome}: ${own}`;
      if (expects.is === "above") return `${outcome}: the order is reversed`;
      if (expects.is === "within") {
        const nothing = claim.published === undefined && claim.beside === undefined;
        const where = value > expects.of ? "higher" : "lower";
        return `${outcome}: ${nothing ? "they differ beyond the error" : `${where} than published`}`;
      }
      return `${outcome}, beyond its error`;
    case "no difference":
      return expects.is === "within"
        ? `undecided: no difference beyond its error, nor shown to be equal within ${margin}`
        : "no difference beyond its error";
    case "not contradicted":
      return "not contradicted beyond its error";
    case "answered":
      return own ?? `${side} ${expects.is === "either side" ? expects.of : ""}`.trim();
    case "not known":
      return "not known: there are too few cases";
  }
}

function amongInWords({ among, p }: Finding): string {
  if (among === undefined || p === undefined) return "";
  return ` (p adjusted for ${among.of} ${among.what} ${p < 0.001 ? "below 0.001" : p.toFixed(3)})`;
}

/** " (the error is without seeds and training samples of Fine-tuned)"; nothing where it is whole. */
function withoutInWords({ without }: Finding): string {
  const methods = [...new Set(without.map(({ of }) => of))];
  const words = methods.map((name) => {
    const sources = without.filter(({ of }) => of === name).map(({ source }) => source);
    return `${sources.join(" and ")} of ${name}`;
  });
  return words.length === 0 ? "" : ` (the error is without ${words.join(", ")})`;
}
