/** What a number of ours measures, by the name that result files give it. */
export type MeasureId = keyof typeof table;

/** How a measure is written, wherever it is shown: tables, axes, claims, command line. */
export interface MeasureDescription {
  /** For example "AUC". */
  heading: string;
  /** "" of what has none. */
  unit: string;
  /** Which of two models has the better one; absent where neither end is better. */
  better?: "lower" | "higher";
}

const nats = (heading: string, better?: "lower" | "higher") => ({ heading, unit: "nats", better });

const table = {
  perplexity: { heading: "perplexity", unit: "", better: "lower" },
  "perplexity difference": { heading: "difference of perplexity", unit: "", better: "lower" },
  "log-loss difference": nats("mean difference of -ln P", "lower"),
  "log-loss contrast": nats("contrast of mean -ln P"),
  "log-loss gap": nats("mean -ln P of the group less that of all others", "lower"),
  "log-loss gap beyond the law": nats("the model's gap less the law's", "lower"),
  AUC: { heading: "AUC", unit: "", better: "higher" },
  "AUC difference": { heading: "difference of AUC", unit: "", better: "higher" },
  "calibration error beyond chance": {
    heading: "calibration error less that by chance",
    unit: "",
    better: "lower",
  },
  "transition distance difference": {
    heading: "difference of the distances of transitions",
    unit: "",
    better: "lower",
  },
  "direct less composed": nats("direct less composed ln P, less the Monte Carlo bias"),
  correlation: { heading: "correlation, sampling error taken off", unit: "" },
  "correlation difference": { heading: "difference of correlations", unit: "" },
  "share difference": { heading: "predicted less observed share", unit: "" },
  "probability difference": { heading: "difference of mean probability", unit: "" },
  "largest difference of ln P": nats("largest difference of ln P", "lower"),
  "log ratio of standard errors": { heading: "ln of the ratio of standard errors", unit: "" },
  "standard error difference": nats("difference of standard errors"),
} as const satisfies Record<string, MeasureDescription>;

/** Heading and unit of every measure, said once. */
export const measures: Readonly<Record<MeasureId, MeasureDescription>> = table;

/** `AUC`, or `mean difference of -ln P, nats`. */
export function headingOf(measure: MeasureId): string {
  const { heading, unit } = measures[measure];
  return unit === "" ? heading : `${heading}, ${unit}`;
}
