import {
  bootstrapOf,
  type Comparison,
  compareMethods,
  type FitsPlan,
  ORACLE,
  type Pool,
  type Profile,
} from "../experiments";
import { type BootstrapOptions, type Measurement, only } from "../metrics";
import type { DoseLine } from "../results";
import { fitsOf, judgeHeadlines } from "./evidence";
import { percent } from "./percent";
import { fitColumns, type PlanRow, type ShownRows, shownRows } from "./plan-row";
import { onSmallSurvey, SMALL_SURVEY_METHODS, type SmallSurveyMethod } from "./small-survey";
import { type Results, resultsOf, type Study } from "./study";

/** Methods on a small survey with a share of two others beside it, which follow its law or another. */
export interface PoolingPlan {
  profile: Profile;
  rows: PlanRow[];
  /** A line a method, by the share of the others, in per cent, that follow the same law. */
  lines: DoseLine[];
  /** Further fits of those that claims are about, for whole errors. */
  again: FitsPlan;
}

export interface PoolingFound extends Results, ShownRows {
  comparison: Comparison;
  /** The law's own perplexity. */
  oracle: Measurement;
  fits: Awaited<ReturnType<typeof fitsOf>>;
  bootstrap: BootstrapOptions;
}

const SHARES = [0, 0.25, 1];
const OTHERS = ["synthetic-nlsy79", "synthetic-nlsy97"];

const sameLaw = (method: SmallSurveyMethod, share: number) => `${method}, ${percent(share)} of the others`;
const otherLaw = (method: SmallSurveyMethod) => `${method}, 100 % under another law`;

/** Do careers of other surveys help a small one, and is that their law? */
export const pooling: Study<PoolingPlan, PoolingFound> = {
  id: "04",
  question: "Do careers of other surveys help a small one, where they follow its law and where they do not?",

  plan(profile) {
    const others = (share: number): Pool[] => OTHERS.map((survey) => ({ survey, persons: 15, share }));
    const dealt = others(1).map((pool) => ({ ...pool, survey: `${pool.survey}-dealt` }));
    const row = (
      method: SmallSurveyMethod,
      label: string,
      law: string,
      share: number,
      pool: readonly Pool[],
    ): PlanRow => ({
      ...{ label, experiment: onSmallSurvey(profile, method, pool), name: method },
      columns: { "share of the others": percent(share), "law of the others": law },
    });
    return {
      profile,
      rows: SMALL_SURVEY_METHODS.flatMap((method) => [
        ...SHARES.map((share) => {
          const law = share > 0 ? "the same" : "none pooled";
          return row(method, sameLaw(method, share), law, share, others(share));
        }),
        row(method, otherLaw(method), "another (titles dealt out)", 1, dealt),
      ]),
      lines: SMALL_SURVEY_METHODS.map((name) => ({
        name,
        points: SHARES.map((share) => ({ dose: 100 * share, model: sameLaw(name, share) })),
      })),
      again: profile.repeats.few,
    };
  },

  async run({ profile, rows, again }) {
    const bootstrap = bootstrapOf(profile);
    const comparison = await compareMethods(rows, bootstrap);
    const results = resultsOf(profile, [comparison]);
    const judged = SMALL_SURVEY_METHODS.flatMap((one) => [sameLaw(one, 0), sameLaw(one, 1), otherLaw(one)]);
    return {
      ...results,
      ...shownRows(rows, results, fitColumns(comparison, ["best epoch"])),
      oracle: only(results.measurements, { model: ORACLE, measure: "perplexity", on: { transition: "all" } }),
      fits: await fitsOf(rows, again, judged),
      ...{ comparison, bootstrap },
    };
  },

  judge({ comparison, fits, bootstrap }) {
    const same = SMALL_SURVEY_METHODS.map((one) => ({
      claim: `Pooling careers of the same law helps a small survey: ${one}`,
      lower: sameLaw(one, 1),
      higher: sameLaw(one, 0),
    }));
    const other = SMALL_SURVEY_METHODS.flatMap((one) => [
      {
        claim: `Pooling careers of another law helps a small survey: ${one}`,
        lower: otherLaw(one),
        higher: sameLaw(one, 0),
      },
      {
        claim: `Pooling careers of the same law beats as many of another: ${one}`,
        lower: sameLaw(one, 1),
        higher: otherLaw(one),
      },
    ]);
    return judgeHeadlines(comparison, [...same, ...other], fits, bootstrap);
  },
};
