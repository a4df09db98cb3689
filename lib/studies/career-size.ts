import {
  bootstrapOf,
  type Comparison,
  compareMethods,
  type FitsPlan,
  ORACLE,
  type Profile,
} from "../experiments";
import { type BootstrapOptions, type Measurement, where } from "../metrics";
import type { DoseLine } from "../results";
import { fitsOf, judgeHeadlines } from "./evidence";
import { percent } from "./percent";
import { fitColumns, type PlanRow, type ShownRows, shownRows } from "./plan-row";
import { type Results, resultsOf, type Study } from "./study";

/** CAREER of several sizes, each on a share and on all of the training persons. */
export interface CareerSizePlan {
  profile: Profile;
  rows: PlanRow[];
  /** A line a share of the persons, by the number of layers. */
  lines: DoseLine[];
  /** Further fits, for whole errors. */
  again: FitsPlan;
}

export interface CareerSizeFound extends Results, ShownRows {
  comparison: Comparison;
  /** The law's own perplexity, where it is known. */
  oracle?: Measurement;
  fits: Awaited<ReturnType<typeof fitsOf>>;
  bootstrap: BootstrapOptions;
}

const [SMALL, LARGE] = [1, 4];
const [FOURTH, ALL] = [0.25, 1];
/** At most: training ends when the validation loss has turned. */
const EPOCHS = 14;

const labelOf = (layers: number, share: number) =>
  `${layers} layer${layers === 1 ? "" : "s"}, ${percent(share)}`;

/** A small CAREER and more data, or a larger one? */
export const careerSize: Study<CareerSizePlan, CareerSizeFound> = {
  id: "05",
  question: "A small CAREER and more data, or a larger one?",

  plan(profile) {
    const { surveys, ablation, seed, repeats } = profile;
    const { survey } = surveys.find((one) => one.survey === "synthetic-nlsy79") ?? surveys[0];
    const row = (layers: number, share: number): PlanRow => ({
      label: labelOf(layers, share),
      experiment: {
        ...{ survey, method: "career", share, seed },
        // As many steps on a share of the persons as on all.
        settings: { layers, training: { epochs: EPOCHS, batch: { texts: 8 * share } } },
        persons: { ...ablation.sizes, test: 100 },
      },
      name: layers,
      columns: { share: percent(share), epochs: EPOCHS },
    });
    return {
      profile,
      rows: [SMALL, LARGE].flatMap((layers) => [FOURTH, ALL].map((share) => row(layers, share))),
      lines: [FOURTH, ALL].map((share) => ({
        name: `${percent(share)} of the persons`,
        points: [SMALL, LARGE].map((layers) => ({ dose: layers, model: labelOf(layers, share) })),
      })),
      again: repeats.few,
    };
  },

  async run({ profile, rows, again }) {
    const bootstrap = bootstrapOf(profile);
    const comparison = await compareMethods(rows, { ...bootstrap, reference: labelOf(SMALL, ALL) });
    const results = resultsOf(profile, [comparison]);
    const [oracle] = where(results.measurements, {
      model: ORACLE,
      measure: "perplexity",
      on: { transition: "all" },
    });
    return {
      ...results,
      ...shownRows(rows, results, fitColumns(comparison, ["parameters", "best epoch"])),
      ...{ comparison, oracle, bootstrap },
      fits: await fitsOf(rows, again),
    };
  },

  judge({ comparison, fits, bootstrap }) {
    const claims = [
      {
        claim: "A larger CAREER beats a smaller one on the same data",
        lower: labelOf(LARGE, ALL),
        higher: labelOf(SMALL, ALL),
      },
      {
        claim: "A small CAREER with four times the data beats a larger one",
        lower: labelOf(SMALL, ALL),
        higher: labelOf(LARGE, FOURTH),
      },
    ];
    return judgeHeadlines(comparison, claims, fits, bootstrap);
  },
};
