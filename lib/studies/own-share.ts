import {
  bootstrapOf,
  type Comparison,
  compareMethods,
  type Experiment,
  type FitsPlan,
  onShare,
  type Profile,
  paperMethods,
  splitOf,
  unlessTooCostly,
} from "../experiments";
import { type BootstrapOptions, type Measurement, powerLaw } from "../metrics";
import type { DoseLine } from "../results";
import { fitsOf, judgeHeadlines } from "./evidence";
import { percent } from "./percent";
import { type PlanRow, type ShownRows, shownRows } from "./plan-row";
import { type Results, resultsOf, type Study } from "./study";

/** Methods on nested shares of the training persons of one survey. */
export interface OwnSharePlan {
  profile: Profile;
  rows: PlanRow[];
  /** A line a method, by the number of persons trained on. */
  lines: DoseLine[];
  /** Further fits of those that claims are about, for whole errors. */
  again: FitsPlan;
}

export interface OwnShareFound extends Results, ShownRows {
  comparison: Comparison;
  /** A power law of each method. */
  laws: Measurement[];
  fits: Awaited<ReturnType<typeof fitsOf>>;
  bootstrap: BootstrapOptions;
}

const METHODS = ["Markov, given education", "CAREER, tuned", "Fine-tuned"];
const SHARES = [0.01, 0.03, 0.1, 0.3, 1];
const [TENTH, ALL] = [0.1, 1];

const labelOf = (method: string, share: number) => `${method}, ${percent(share)}`;

/** What does more of a survey's own data buy? */
export const ownShare: Study<OwnSharePlan, OwnShareFound> = {
  id: "04",
  question: "What does more of a survey's own data buy?",

  plan(profile) {
    const [plan] = profile.surveys;
    const { seed, repeats } = profile;
    const persons = splitOf({ ...plan, seed }).train.careers.length;
    const sized = (share: number) => Math.max(1, Math.round(share * persons));
    const papers = new Map(paperMethods(profile, plan).map(({ label, experiment }) => [label, experiment]));
    // A table of counts has no batches that few persons would leave too few of.
    const trainedOn = (one: Experiment, share: number) =>
      one.method === "markov" ? { ...one, share } : onShare(one, share);
    const row = (method: string, share: number): PlanRow => ({
      ...unlessTooCostly(profile, {
        label: labelOf(method, share),
        experiment: trainedOn(papers.get(method)!, share),
      }),
      name: method,
      columns: { share: percent(share), "persons to train": sized(share) },
    });
    return {
      profile,
      rows: METHODS.flatMap((method) => SHARES.map((share) => row(method, share))),
      lines: METHODS.map((name) => ({
        name,
        points: SHARES.map((share) => ({ dose: sized(share), model: labelOf(name, share) })),
      })),
      again: repeats.all,
    };
  },

  async run({ profile, rows, lines, again }) {
    const bootstrap = bootstrapOf(profile);
    const comparison = await compareMethods(rows, bootstrap);
    const { survey, scores } = comparison;
    const results = resultsOf(profile, [comparison]);
    const laws = lines.flatMap(({ name, points }) => {
      const made = points.filter(({ model }) => model in scores);
      const sizes = made.map(({ dose, model }) => ({ size: dose, scores: scores[model] }));
      return powerLaw(survey, name, sizes, bootstrap);
    });
    const judged = METHODS.flatMap((name) => [labelOf(name, ALL), labelOf(name, TENTH)]);
    const fits = await fitsOf(rows, again, judged);
    return { ...results, ...shownRows(rows, results), comparison, laws, fits, bootstrap };
  },

  judge({ comparison, fits, bootstrap }) {
    const claims = METHODS.map((name) => ({
      claim: `More of the own survey helps: ${name}, all against a tenth`,
      lower: labelOf(name, ALL),
      higher: labelOf(name, TENTH),
    }));
    return judgeHeadlines(comparison, claims, fits, bootstrap);
  },
};
