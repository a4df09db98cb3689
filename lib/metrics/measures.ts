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
  "weighted perplexity": perplexity(
    "perplexity, by survey weights",
    "Perplexity per person-year, by survey weights",
  ),
  "weighted log-loss difference": nats("mean difference of -ln P, by survey weights", "lower"),
  "log-loss contrast": nats("contrast of mean -ln P"),
  "co-information": nats("co-information"),
  "log-loss gap": nats("mean -ln P of the group less that of all others", "lower"),
  "log-loss gap beyond the law": nats("the model's gap less the law's", "lower"),
  "perplexity before": perplexity("perplexity before", "Perplexity per person-year before"),
  "perplexity after": perplexity("perplexity after", "Perplexity per person-year after"),
  "perplexity after, informed": perplexity(
    "perplexity after, if trained on those years too",
    "Perplexity per person-year after, if trained on those years too",
  ),
  "cost of not knowing": nats("cost of not knowing", "lower"),
  "cost beyond ordinary years": nats("cost beyond the mean of ordinary years"),
  "ordinary years": plain("ordinary years"),
  "mean of ordinary years": nats("mean cost of ordinary years"),
  "deviation of ordinary years": nats("standard deviation of their costs"),
  "least of ordinary years": nats("least of their costs"),
  "largest of ordinary years": nats("largest of their costs"),
  "person-years to train": plain("person-years to train"),
  "person-years to train, informed": plain("person-years to train, informed"),
  "one-year perplexity": perplexity(
    "perplexity one year ahead",
    "Perplexity per person-year, one year ahead",
  ),
  "Monte Carlo error": nats("Monte Carlo error of mean ln P"),
  events: { ...plain("events"), digits: 0 },
  AUC: { ...plain("AUC", "higher"), axis: "Area under the ROC curve" },
  "DeLong error of AUC": plain("standard error, DeLong"),
  "DeLong error of AUC by person": plain("standard error, DeLong by person"),
  "AUC difference": plain("difference of AUC", "higher"),
  "Brier score": plain("Brier score", "lower"),
  reliability: plain("reliability", "lower"),
  resolution: plain("resolution", "higher"),
  uncertainty: plain("uncertainty"),
  "within bins": plain("within bins"),
  "Brier skill": plain("skill", "higher"),
  "Brier score difference": plain("difference of Brier score", "lower"),
  "calibration error": plain("calibration error", "lower"),
  "calibration error by chance": plain("calibration error by chance"),
  "calibration error beyond chance": plain("calibration error less that by chance", "lower"),
  "Spiegelhalter's z": plain("Spiegelhalter's z"),
  "transition distance": plain("distance of transitions", "lower"),
  "transition distance by chance": plain("distance of transitions by chance"),
  "transition distance beyond chance": {
    ...plain("distance of transitions less that by chance", "lower"),
    axis: "Distance beyond chance, share of transitions",
  },
  "transition distance difference": plain("difference of the distances of transitions", "lower"),
  "ln P, direct": nats("ln P, direct"),
  "ln P, composed": nats("ln P, composed"),
  "ln P, direct less composed": nats("ln P, direct less composed"),
  "Monte Carlo bias": nats("Monte Carlo bias"),
  "Monte Carlo error over difference": plain("Monte Carlo error over the difference"),
  "direct less composed": nats("direct less composed ln P, less the Monte Carlo bias"),
  "correlation as sampled": plain("correlation"),
  correlation: plain("correlation, sampling error taken off"),
  "correlation given titles": plain("correlation, given both titles"),
  "correlation of movers": plain("correlation of movers"),
  "correlation over titles": plain("correlation, all titles"),
  "correlation with the own": plain("correlation with the own"),
  "correlation with another": plain("correlation with the other"),
  "correlation difference": plain("difference of correlations"),
  distance: plain("distance"),
  "distance by chance": plain("distance by chance"),
  "same title, observed": plain("same title, observed"),
  "same title, direct": plain("same title, direct"),
  "same title, composed": plain("same title, composed"),
  "share difference": plain("predicted less observed share"),
  "share difference, composed": plain("predicted less observed share, composed"),
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
  "examples read": plain("examples read, mean"),
  "history changed": plain("history changed"),
};

/** Heading, unit, digits, direction and scale of every measure, said once. */
export const measures: Readonly<Record<MeasureId, MeasureDescription>> = table;

/** `AUC`, or `mean difference of -ln P, nats`. */
export function headingOf(measure: MeasureId): string {
  const { heading, unit } = measures[measure];
  return unit === "" ? heading : `${heading}, ${unit}`;
}

/**
 * An axis' title: `Perplexity per person-year (log scale; lower is better)`.
 * @param saysBetter whether it says which end is better; a vertical axis has no room for it
 */
export function axisTitle(measure: MeasureId, saysBetter = true): string {
  const { axis, better, scale } = measures[measure];
  const heading = headingOf(measure);
  const said = [
    scale === "log" ? "log scale" : "",
    saysBetter && better !== undefined ? `${better} is better` : "",
  ];
  const notes = said.filter((one) => one !== "").join("; ");
  return `${axis ?? heading[0].toUpperCase() + heading.slice(1)}${notes === "" ? "" : ` (${notes})`}`;
}
