import { bootstrapOf, type Comparison, compareMethods, type Experiment, type Profile } from "../experiments";
import type { BootstrapOptions, Measurement } from "../metrics";
import { type DoseLine, judgeMeasurement } from "../results";
import { contrastOf, judgeHeadlines } from "./evidence";
import { atRate, chooseRate, type RateTrial, rateTrials } from "./learning-rate";
import { percent } from "./percent";
import { fitColumns, type PlanRow, type ShownRows, shownRows } from "./plan-row";
import { type Results, resultsOf, type Study } from "./study";

/** Language models of several sizes with random weights, and the pre-trained one, each on a share and on all of the training persons. */
export interface LanguageSizePlan {
  profile: Profile;
  models: LanguageSize[];
  /** A line a model, by the share of the training persons, in per cent. */
  lines: DoseLine[];
}

export interface LanguageSize {
  name: string;
  /** On the smallest share, by learning rate: the validation persons choose. */
  trials: RateTrial[];
  /** By share; the learning rate is the one that is chosen. */
  rows: PlanRow[];
}

export interface LanguageSizeFound extends Results, ShownRows {
  comparison: Comparison;
  /** Learning rates as the validation persons see them. */
  rates: ShownRows;
  /** What the largest model gains by pre-training less what it gains over the smallest by its size. */
  contrast: Measurement;
  bootstrap: BootstrapOptions;
}

/** The smaller a model, the higher a learning rate it may take, and the more passes until its validation loss has turned. */
const DECODERS = [
  { layers: 1, width: 64, rates: [3e-3, 1e-2], epochs: 30 },
  { layers: 2, width: 128, rates: [3e-3, 1e-2], epochs: 16 },
  { layers: 4, width: 192, rates: [1e-3, 3e-3], epochs: 12 },
];
const [SMALLEST, , LARGEST] = DECODERS.map(nameOf);
const PRETRAINED = "pre-trained";
const [FOURTH, ALL] = [0.25, 1];

function nameOf({ layers, width }: (typeof DECODERS)[number]): string {
  return `${layers} layer${layers === 1 ? "" : "s"} of ${width}, random`;
}

const labelOf = (name: string, share: number) => `${name}, ${percent(share)}`;

/** What is a language model's size worth beside more data, and beside pre-training? */
export const languageSize: Study<LanguageSizePlan, LanguageSizeFound> = {
  id: "05",
  question: "What is a language model's size worth beside more data, and beside pre-training?",

  plan(profile) {
    const { surveys, ablation, seed } = profile;
    // On a fourth of the persons steps are few: half as many passes more, of one text a step.
    const passes = (epochs: number, share: number) =>
      share < 1 ? { epochs: 1.5 * epochs, batch: { texts: 1 } } : { epochs, batch: { texts: 2 } };
    const experiment = (settings: object, epochs: number, share: number): Experiment => ({
      ...{ survey: surveys[0].survey, method: "fine-tuned", persons: ablation.persons, share, seed },
      settings: { ...ablation.settings, ...settings, training: passes(epochs, share) },
      observedOnly: true,
      saveScores: true,
    });
    const model = (
      name: string,
      settings: object,
      { rates, epochs }: Pick<(typeof DECODERS)[number], "rates" | "epochs">,
    ): LanguageSize => ({
      name,
      trials: rateTrials({ label: name, experiment: experiment(settings, epochs, FOURTH) }, rates),
      rows: [FOURTH, ALL].map((share) => ({
        ...{ label: labelOf(name, share), experiment: experiment(settings, epochs, share) },
        ...{ name, columns: { share: percent(share) } },
      })),
    });
    const models = [
      ...DECODERS.map((one) =>
        model(nameOf(one), { scratch: { layers: one.layers, width: one.width } }, one),
      ),
      model(PRETRAINED, {}, { rates: [1e-3, 3e-3], epochs: 8 }),
    ];
    return {
      ...{ profile, models },
      lines: models.map(({ name }) => ({
        name,
        points: [FOURTH, ALL].map((share) => ({ dose: 100 * share, model: labelOf(name, share) })),
      })),
    };
  },

  async run({ profile, models }) {
    const bootstrap = bootstrapOf(profile);
    const rows: PlanRow[] = [];
    const measurements: Measurement[] = [];
    const chosen = new Set<string>();
    for (const model of models) {
      const choice = await chooseRate(model.trials, bootstrap);
      measurements.push(...choice.measurements);
      chosen.add(choice.chosen);
      rows.push(...model.rows.map((row) => atRate(row, choice.rate)));
    }
    const comparison = await compareMethods(rows, { ...bootstrap, reference: labelOf(LARGEST, ALL) });
    const results = resultsOf(profile, [comparison]);
    const term = (name: string, times: number) => ({ times, comparison, label: labelOf(name, ALL) });
    return {
      ...results,
      ...shownRows(rows, results, fitColumns(comparison, ["parameters", "best epoch", "epochs"])),
      ...{ comparison, bootstrap },
      rates: shownRows(
        models.flatMap(({ trials }) => trials),
        { ...results, measurements },
        (label) => ({ chosen: chosen.has(label) ? "chosen" : "" }),
      ),
      contrast: contrastOf("pre-training less size", [
        term(LARGEST, 2),
        term(PRETRAINED, -1),
        term(SMALLEST, -1),
      ]),
    };
  },

  judge({ comparison, contrast, bootstrap }) {
    const claims = [
      {
        claim: "A larger language model beats a smaller one on the same data, both from random weights",
        lower: labelOf(LARGEST, ALL),
        higher: labelOf(SMALLEST, ALL),
      },
      {
        claim: "A small language model with four times the data beats a larger one, both from random weights",
        lower: labelOf(SMALLEST, ALL),
        higher: labelOf(LARGEST, FOURTH),
      },
      {
        claim: "Pre-training beats random weights of the same size",
        lower: labelOf(PRETRAINED, ALL),
        higher: labelOf(LARGEST, ALL),
      },
      {
        claim: "Pre-training beats four times the data",
        lower: labelOf(PRETRAINED, FOURTH),
        higher: labelOf(LARGEST, ALL),
      },
    ];
    return [
      ...judgeHeadlines(comparison, claims, [], bootstrap),
      judgeMeasurement(
        { says: "Pre-training is worth more than size", expects: { is: "above", bound: 0 } },
        contrast,
      ),
    ];
  },
};
