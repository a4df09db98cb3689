import { countPersonYears, type PanelSplit } from "../../careers";
import { UserError } from "../../errors";
import {
  cutSplit,
  type NamedExperiment,
  runExperiment,
  scoredYears,
  showFit,
  wholeSplit,
} from "../../experiments";
import { type ComparisonOptions, exactly, type Measurement, measurePerplexity, only } from "../../metrics";
import { type ObservedScores, scoreObserved } from "../../predictions";
import type { Skipped } from "../../results";
import { oracleOf } from "../../surveys";

/** A year in which the world may change, and what is tested on either side of it. */
export interface ChangePlan {
  /** The first year after the change. */
  year: number;
  what: string;
  /** Years tested on either side. */
  span: number;
  /** Years trained on before it. Default: all that there are. */
  history?: number;
  /** Whether the law of a synthetic survey is a row too. Default true. */
  law?: boolean;
  /** Methods on one survey; years are set here. */
  methods: readonly NamedExperiment[];
}

/** What was measured, and the rows that could not be made. */
export interface Measured {
  measurements: Measurement[];
  skipped: Skipped[];
}

/** Name of the law as if it had not changed. */
export const LAW_BEFORE = "Law before the break";

/**
 * Trains before a change and tests before and after it, on other persons; beside it the same method trained on the later
 * years too, of so many persons that it has seen about as many person-years: more data would help in a stable world as
 * well. On a synthetic survey the first row is the law as it was before the break, informed: the law itself; its cost is
 * what any model loses that learnt the old world perfectly.
 * @returns of each method the perplexity before the change, after it, and after it if informed; the cost of not knowing, mean
 * ln P of the informed less that of the other, after the change, nats, paired; and how many person-years both were trained on
 */
export async function compareChange(
  { year, what, span, history, law: withLaw = true, methods }: ChangePlan,
  options: Omit<ComparisonOptions, "reference"> = {},
): Promise<Measured> {
  const measured: Measured = { measurements: [], skipped: [] };
  const on = { transition: "all", year, change: what } as const;
  const test = { before: { from: year - span, to: year - 1 }, after: { from: year, to: year + span - 1 } };
  for (const { label, experiment } of methods) {
    const { survey } = experiment;
    const until = (to: number, tested: { from: number; to: number }, share = experiment.share) => ({
      ...experiment,
      years: { train: { ...(history !== undefined && { from: year - history }), to }, test: tested },
      share,
    });
    const run = (own: ReturnType<typeof until>, split: PanelSplit) =>
      runExperiment(own, showFit(`${survey} to ${own.years.train.to}, ${label}`), split);
    const trained = ({ train }: PanelSplit) => countPersonYears(train.careers);
    try {
      const [early, stale] = [until(year - 1, test.before), until(year - 1, test.after)];
      const whole = wholeSplit(experiment);
      const known = cutSplit(whole, stale);
      const all = cutSplit(whole, until(year + span - 1, test.after));
      const share = (trained(known) / trained(all)) * (experiment.share ?? 1);
      const fresh = until(year + span - 1, test.after, share);
      const informedOn = cutSplit(whole, fresh);
      const before = await run(early, cutSplit(whole, early));
      const after = await run(stale, known);
      const informed = await run(fresh, informedOn);
      if (withLaw && measured.measurements.every(({ model }) => model !== LAW_BEFORE)) {
        const law = await lawAcross(cutSplit(whole, { ...experiment, years: { test: test.after } }), test);
        if (law !== undefined)
          measured.measurements.push(...costOfChange({ survey, model: LAW_BEFORE, on }, law, options));
      }
      const of = { survey, model: label, on };
      const costs = costOfChange(
        of,
        { before: before.scores, after: after.scores, informed: informed.scores },
        options,
      );
      const { persons, personYears } = costs[0];
      const counted = [
        ["person-years to train", trained(known)],
        ["person-years to train, informed", trained(informedOn)],
      ] as const;
      measured.measurements.push(
        ...costs,
        ...counted.map(([measure, count]) => ({
          ...of,
          measure,
          estimate: exactly(count),
          persons,
          personYears,
        })),
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      measured.skipped.push({ survey, model: label, on, reason: error.message });
    }
  }
  return measured;
}

/** Perplexities on either side of a change, and what it costs not to know the later side. */
function costOfChange(
  of: Pick<Measurement, "survey" | "model" | "on">,
  { before, after, informed }: Readonly<Record<"before" | "after" | "informed", ObservedScores>>,
  options: Omit<ComparisonOptions, "reference">,
): Measurement[] {
  const all = { ...options, kinds: ["all"] as const };
  const then = measurePerplexity(of.survey, { before }, all);
  const later = measurePerplexity(of.survey, { informed, after }, { ...all, reference: "informed" });
  const stale = only(later, { model: "after", measure: "perplexity" });
  const { persons, personYears } = stale;
  const found = [
    ["perplexity before", only(then, { measure: "perplexity" })],
    ["perplexity after", stale],
    ["perplexity after, informed", only(later, { model: "informed", measure: "perplexity" })],
    ["cost of not knowing", only(later, { model: "after", measure: "log-loss difference" })],
  ] as const;
  return found.map(([measure, { estimate }]) => ({ ...of, measure, estimate, persons, personYears }));
}

/** The law without its break beside the law itself. */
async function lawAcross(
  { test }: PanelSplit,
  years: { before: { from: number; to: number }; after: { from: number; to: number } },
) {
  const informed = oracleOf(test);
  const before = oracleOf({ law: test.law && { ...test.law, break: undefined } });
  if (informed === undefined || before === undefined) return undefined;
  const stale = await scoreObserved(before, test.careers);
  const law = await scoreObserved(informed, test.careers);
  return {
    before: scoredYears(stale, { test: years.before }),
    after: scoredYears(stale, { test: years.after }),
    informed: scoredYears(law, { test: years.after }),
  };
}
