/** What a number of ours measures, by the name that measurements and result files give it. */
export type MeasureId = keyof typeof table;

/** How a measure is written, wherever it is shown: tables, axes, claims, command line, documents. */
export interface MeasureDescription {
  /** As a table's column has it, without its unit. */
  heading: string;
  /** As an axis has it, where that is longer. */
  axis?: string;
  /** "" of what has none. */
  unit: string;
  /** Decimals that a table shows of a number below 100. */
  digits: number;
  /** Which of two models has the better one; absent where neither end is better. */
  better?: "lower" | "higher";
  /** Of its axis. */
  scale: "linear" | "log";
}

type Better = MeasureDescription["better"];
const linear = { digits: 3, scale: "linear" } as const;
const plain = (heading: string, better?: Better): MeasureDescription => ({
  heading,
  unit: "",
  better,
  ...linear,
});
const nats = (heading: string, better?: Better): MeasureDescription => ({
  ...{ heading, unit: "nats", better },
  ...linear,
});
const perplexity = (heading: string, axis: string): MeasureDescription => ({
  ...{ heading, axis, unit: "", digits: 3, better: "lower", scale: "log" },
});

const table = {
  perplexity: perplexity("perplexity", "Perplexity per person-year"),
  "normalised perplexity": perplexity(
    "perplexity, normalised",
    "Perplexity per person-year, normalised over titles",
  ),
  "valid mass": plain("valid mass", "higher"),
  "perplexity difference": plain("difference of perplexity", "lower"),
  "normalised perplexity difference": plain("difference of normalised perplexity", "lower"),
  "log-loss difference": nats("mean difference of -ln P", "lower"),
  "normalised log-loss difference": nats("mean difference of -ln P, normalised", "lower"),
  "log-loss contrast": nats("contrast of mean -ln P"),
  "log-loss gap": nats("mean -ln P of the group less that of all others", "lower"),
  "log-loss gap beyond the law": nats("the model's gap less the law's", "lower"),
  AUC: plain("AUC", "higher"),
  "AUC difference": plain("difference of AUC", "higher"),
  "calibration error beyond chance": plain("calibration error less that by chance", "lower"),
  "transition distance difference": plain("difference of the distances of transitions", "lower"),
  "direct less composed": nats("direct less composed ln P, less the Monte Carlo bias"),
  correlation: plain("correlation, sampling error taken off"),
  "correlation difference": plain("difference of correlations"),
  "share difference": plain("predicted less observed share"),
  "probability difference": plain("difference of mean probability"),
  "largest difference of ln P": nats("largest difference of ln P", "lower"),
  "log ratio of standard errors": plain("ln of the ratio of standard errors"),
  "standard error difference": nats("difference of standard errors"),
  "power-law exponent": plain("power-law exponent"),
  "power-law scale": plain("perplexity at size 1 by the power law"),
  "fall per doubling": { ...plain("fall of perplexity per doubling"), unit: "%" },
  "variation explained": plain("variation explained"),
  "total variation": plain("total variation", "lower"),
  "Jensen-Shannon divergence": nats("Jensen-Shannon divergence", "lower"),
  "top title changed": plain("share with another most probable title", "lower"),
};

/** Heading, unit, digits, direction and scale of every measure, said once. */
export const measures: Readonly<Record<MeasureId, MeasureDescription>> = table;

/** `AUC`, or `mean difference of -ln P, nats`. */
export function headingOf(measure: MeasureId): string {
  const { heading, unit } = measures[measure];
  return unit === "" ? heading : `${heading}, ${unit}`;
}

/** An axis' title: `Perplexity per person-year (log scale; lower is better)`. */
export function axisTitle(measure: MeasureId): string {
  const { axis, better, scale } = measures[measure];
  const heading = headingOf(measure);
  const said = [scale === "log" ? "log scale" : "", better === undefined ? "" : `${better} is better`];
  const notes = said.filter((one) => one !== "").join("; ");
  return `${axis ?? heading[0].toUpperCase() + heading.slice(1)}${notes === "" ? "" : ` (${notes})`}`;
}
