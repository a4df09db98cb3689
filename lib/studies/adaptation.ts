import { samplePersons } from "../careers";
import {
  bootstrapOf,
  type Comparison,
  compareMethods,
  type Experiment,
  fitExperiment,
  measureModels,
  type NamedExperiment,
  type Profile,
} from "../experiments";
import { type BootstrapOptions, type Measurement, measureShift } from "../metrics";
import type { TrainingOptions } from "../networks";
import { observedScores, type TitleDistribution } from "../predictions";
import { judgeHeadlines } from "./evidence";
import { type Int8Model, int8Model } from "./int8-model";
import { atRate, chooseRate, type RateTrial, rateTrials } from "./learning-rate";
import { fitColumns, type PlanRow, type ShownRows, shownRows } from "./plan-row";
import { type Results, resultsOf, type Study } from "./study";

/** Ways to fine-tune one language model. */
export interface AdaptationPlan {
  profile: Profile;
  /** LoRA of the highest rank, by learning rate: the validation persons choose. */
  trials: RateTrial[];
  rows: AdaptationRow[];
  /** Labels of the rows with the restricted vocabulary and with the full one. */
  restricted: string;
  full: string;
  /** Which rows have which, for a caption. */
  vocabularies: string;
}

export interface AdaptationRow extends PlanRow {
  /** Its learning rate is the one that is chosen. */
  takesRate: boolean;
}

export interface AdaptationFound extends Results, ShownRows {
  plan: AdaptationPlan;
  comparison: Comparison;
  /** Learning rates as the validation persons see them. */
  rates: ShownRows;
  /** The one that they chose. */
  rate: number;
  /** How far weights of 8 bits move the answers of the model of the full vocabulary. */
  rounding: Measurement[];
  weights: Pick<Int8Model, "bytes" | "float32Bytes">;
  bootstrap: BootstrapOptions;
}

const ALL = "All parameters";
const TITLES = "Loss on titles alone";
const EIGHT = "8-bit weights";
const [LOW, HIGH] = [1, 16];
const RATES = [3e-3, 1e-2];

const ranked = (rank: number) => `LoRA, rank ${rank}`;
const offTheShelf = (vocabulary: "full" | "reachable") =>
  `Off the shelf, ${vocabulary === "full" ? "full" : "restricted"} vocabulary`;

/** What may be saved in fine-tuning without loss? */
export const adaptation: Study<AdaptationPlan, AdaptationFound> = {
  id: "05",
  question: "What may be saved in fine-tuning without loss?",

  plan(profile) {
    const { surveys, ablation, seed } = profile;
    const [{ survey, inFull }] = surveys;
    const { base, vocabulary } = ablation.settings;
    const training = { ...ablation.settings.training, epochs: 6, batch: { texts: 5 } };
    const { learningRate: _, ...withoutRate }: Partial<TrainingOptions> = training;
    const tuned = (settings: object): Experiment => ({
      ...{ survey, method: "fine-tuned", persons: ablation.persons, seed },
      settings: { ...ablation.settings, training, ...settings },
      observedOnly: inFull?.tuned !== undefined,
    });
    const lora = (rank: number) => ({
      label: ranked(rank),
      experiment: tuned({ lora: { rank, alpha: 2 * rank }, training: withoutRate }),
    });
    // Where 60 training persons lack values that test persons have, the profile takes the whole vocabulary.
    const isRestricted = vocabulary === "reachable";
    const [restricted, full] = isRestricted ? [ALL, "Full vocabulary"] : ["Restricted vocabulary", ALL];
    const row = ({ label, experiment }: NamedExperiment, takesRate = false): AdaptationRow => ({
      ...{ label, experiment, takesRate, name: label, columns: {} },
    });
    return {
      ...{ profile, restricted, full },
      vocabularies: isRestricted
        ? `all but "${full}" and "${EIGHT}" with the vocabulary restricted to the tokens of careers`
        : `all but "${restricted}" with the whole vocabulary`,
      trials: rateTrials(lora(HIGH), RATES),
      rows: [
        row({ label: ALL, experiment: tuned({}) }),
        ...[LOW, HIGH].map((rank) => row(lora(rank), true)),
        row(
          isRestricted
            ? { label: full, experiment: tuned({ vocabulary: "full" }) }
            : { label: restricted, experiment: tuned({ vocabulary: "reachable" }) },
        ),
        row({ label: TITLES, experiment: tuned({ target: "titles" }) }),
        ...(["full", "reachable"] as const).map((one) =>
          row({
            label: offTheShelf(one),
            experiment: { ...tuned({}), method: "off-the-shelf", settings: { base, vocabulary: one } },
          }),
        ),
      ],
    };
  },

  async run(plan) {
    const { profile, trials, full } = plan;
    const bootstrap = bootstrapOf(profile);
    const choice = await chooseRate(trials, bootstrap);
    const rows = plan.rows.map((row) => (row.takesRate ? atRate(row, choice.rate) : row));
    const adapted = await compareMethods(rows, { ...bootstrap, reference: ALL });

    const { experiment } = rows.find(({ label }) => label === full)!;
    const { model, bytes, float32Bytes } = await int8Model(experiment);
    const { survey, split } = adapted;
    const { careers } = split.test;
    const comparison = {
      ...adapted,
      scores: { ...adapted.scores },
      distributions: { ...adapted.distributions },
    };
    if (experiment.observedOnly) {
      comparison.scores[EIGHT] = await model.score(careers);
    } else {
      const rounded = await model.predict(careers);
      comparison.scores[EIGHT] = observedScores(rounded);
      comparison.distributions[EIGHT] = rounded;
    }
    comparison.measurements = measureModels(comparison, { ...bootstrap, kinds: ["all"], reference: ALL });

    // How far answers move is seen in full distributions; where these are costly, in those of few persons.
    const [{ inFull: { base: few = careers.length } = {} }] = profile.surveys;
    const pair = async (): Promise<[TitleDistribution, TitleDistribution]> => {
      const { [full]: exact, [EIGHT]: rounded } = comparison.distributions;
      if (exact !== undefined && rounded !== undefined) return [exact, rounded];
      const some = samplePersons(split.test, few, profile.seed).careers;
      const { model: unrounded } = await fitExperiment(experiment);
      return [await unrounded.predict(some), await model.predict(some)];
    };
    const results = resultsOf(profile, [comparison]);
    const eight: PlanRow = { label: EIGHT, experiment, name: EIGHT, columns: {} };
    return {
      ...results,
      ...shownRows(
        [...rows, eight],
        results,
        fitColumns(comparison, ["validation loss, nats per token", "best epoch", "epochs"]),
      ),
      ...{ plan, comparison, bootstrap, rate: choice.rate, weights: { bytes, float32Bytes } },
      rates: shownRows(trials, { ...results, measurements: choice.measurements }, (label) => ({
        chosen: label === choice.chosen ? "chosen" : "",
      })),
      rounding: measureShift(survey, { model: EIGHT, against: full }, await pair(), bootstrap),
    };
  },

  judge({ plan: { restricted, full }, comparison, bootstrap }) {
    const claims = [
      {
        claim: "Fine-tuning lowers perplexity, both under the full softmax",
        lower: full,
        higher: offTheShelf("full"),
      },
      {
        claim: "Fine-tuning lowers perplexity, both under the restricted softmax",
        lower: restricted,
        higher: offTheShelf("reachable"),
      },
      { claim: `All parameters beat LoRA of rank ${HIGH}`, lower: ALL, higher: ranked(HIGH) },
      { claim: `Rank ${HIGH} beats rank ${LOW}`, lower: ranked(HIGH), higher: ranked(LOW) },
      { claim: "The restricted vocabulary beats the full one", lower: restricted, higher: full },
      { claim: "The loss on the whole text beats that on titles alone", lower: ALL, higher: TITLES },
      { claim: "Weights of 32 bits beat 8 bits", lower: full, higher: EIGHT },
    ];
    return judgeHeadlines(comparison, claims, [], bootstrap);
  },
};
