import {
  ablationSettings,
  bootstrapOf,
  type Comparison,
  compareMethods,
  type FitsPlan,
  type NamedExperiment,
  type Profile,
} from "../experiments";
import { type Measurement, only, type RowKind } from "../metrics";
import { judgeMeasurement, published } from "../results";
import type { Wording } from "../text";
import { type ContrastTerm, contrastOf, fitsOf, judgeHeadlines } from "./evidence";
import { type Results, resultsOf, type Study } from "./study";

/** Titles in words and as codes, on the first survey and on three laws. */
export interface WordsPlan {
  profile: Profile;
  /** Titles have the meaning that people give them. */
  real: NamedExperiment[];
  /** A law whose moves follow the meaning of titles, the same law under titles that were dealt out, and one whose moves follow their spelling. */
  meaning: NamedExperiment[];
  control: NamedExperiment[];
  spelling: NamedExperiment[];
  /** Further fits of all but `spelling`, for whole errors. */
  again: FitsPlan;
}

export interface WordsFound extends Results {
  worlds: Record<"real" | "meaning" | "control" | "spelling", Comparison>;
  fits: Awaited<ReturnType<typeof fitsOf>>;
  /** Differences of mean -ln P between worlds, by name. */
  contrasts: Measurement[];
  bootstrap: { replications: number; seed: number };
}

const WORDS = "Literal";
const DEALT = "Codes, dealt";
const wordings: Readonly<Record<string, Partial<Wording>>> = {
  [WORDS]: { titles: "literal" },
  Codes: { titles: "numeric" },
  [DEALT]: { titles: "numeric", deal: 1 },
  Shuffled: { titles: "shuffled" },
};

/** Names of the contrasts; what a law adds beyond the control is a difference of differences. */
const MEANING = "difference of the two: the worth of meaning";
const SPELLING = "difference to the control: the worth of spelling";
const TELLING = "words on the control less words where they matter";

/** Nats: 5 % of perplexity, what the paper's CAREER and fine-tuned model differ by. */
const TIE = 0.05;

/** Does a fine-tuned language model use what titles mean, or only that they differ? */
export const wordsOrCodes: Study<WordsPlan, WordsFound> = {
  id: "03",
  question: "Does a fine-tuned language model use what titles mean, or only that they differ?",

  plan(profile) {
    const { ablation, seed, surveys, repeats } = profile;
    const row = (survey: string, label: string, settings: object, kept: boolean): NamedExperiment => ({
      label,
      experiment: {
        ...{ survey, method: "fine-tuned", settings, wording: wordings[label], seed },
        persons: kept ? ablation.law.persons : ablation.persons,
        observedOnly: true,
        saveScores: kept,
      },
    });
    // On a law words and codes each have what validation chose for them on the control.
    const onLaw = (survey: string) => [
      row(survey, WORDS, ablationSettings(profile, "fine-tuned-law-words"), true),
      row(survey, DEALT, ablationSettings(profile, "fine-tuned-law-codes"), true),
    ];
    return {
      profile,
      real: [WORDS, "Codes", "Shuffled"].map((label) =>
        row(surveys[0].survey, label, ablation.settings, false),
      ),
      meaning: onLaw("synthetic-words"),
      control: onLaw("synthetic-control"),
      spelling: onLaw("synthetic-spelling"),
      again: repeats.few,
    };
  },

  async run({ profile, real, meaning, control, spelling, again }) {
    const bootstrap = bootstrapOf(profile);
    const compared = (rows: readonly NamedExperiment[]) =>
      compareMethods(rows, { ...bootstrap, reference: WORDS });
    const worlds = {
      real: await compared(real),
      meaning: await compared(meaning),
      control: await compared(control),
      spelling: await compared(spelling),
    };
    const fits = [
      ...(await fitsOf(real, again)),
      ...(await fitsOf(meaning, again)),
      ...(await fitsOf(control, again)),
    ];
    return {
      ...resultsOf(profile, Object.values(worlds)),
      ...{ worlds, fits, bootstrap },
      contrasts: contrastsOf(worlds, fits),
    };
  },

  judge({ worlds, fits, contrasts, bootstrap }) {
    const { fineTuned7B, fineTuned7BNumericTitles } = published.perplexity;
    const { real, meaning, control, spelling } = worlds;
    const codes = { lower: WORDS, higher: DEALT };
    const contrast = (model: string, transition: RowKind, says: string) =>
      judgeMeasurement(
        { says, expects: { is: "above", bound: 0 } },
        only(contrasts, { model, on: { transition } }),
      );
    const orders = (world: Comparison, claims: Parameters<typeof judgeHeadlines>[1]) =>
      judgeHeadlines(world, claims, fits, bootstrap);
    return [
      ...orders(real, [
        {
          claim: "Words beat codes",
          ...{ lower: WORDS, higher: "Codes" },
          published: { lower: fineTuned7B, higher: fineTuned7BNumericTitles },
        },
        { claim: "Words beat the words of other titles", lower: WORDS, higher: "Shuffled" },
      ]),
      ...orders(meaning, [
        { ...codes, claim: "Of those who move, words beat codes where words matter", kind: "move" },
        { ...codes, claim: "Words beat codes where words matter" },
      ]),
      ...orders(control, [
        {
          ...codes,
          claim: "Of those who move, words and codes tie where titles have no meaning",
          kind: "move",
          tieWithin: TIE,
        },
        { ...codes, claim: "Words and codes tie where titles have no meaning", tieWithin: TIE },
      ]),
      ...orders(spelling, [
        { ...codes, claim: "Of those who move, words beat codes where spelling alone tells", kind: "move" },
        { ...codes, claim: "Words beat codes where spelling alone tells" },
      ]),
      contrast(
        SPELLING,
        "all",
        "Spelling, which no text of pre-training tells, is worth something beyond the control",
      ),
      contrast(MEANING, "move", "Of those who move, meaning is worth something beyond the control"),
      contrast(MEANING, "all", "Meaning is worth something beyond the control"),
      contrast(TELLING, "move", "Of those who move, titles that tell beat titles that do not"),
      contrast(TELLING, "all", "Titles that tell beat titles that do not"),
    ];
  },
};

/** What codes lose to words in each world, and what they lose there beyond the control. */
function contrastsOf(
  { meaning, control, spelling }: WordsFound["worlds"],
  fits: WordsFound["fits"],
): Measurement[] {
  const at = (comparison: Comparison, label: string, times: number): ContrastTerm => ({
    ...{ times, comparison, label },
  });
  const lost = (one: Comparison, times: number) => [at(one, DEALT, times), at(one, WORDS, -times)];
  const terms: Record<string, ContrastTerm[]> = {
    "codes less words, where words matter": lost(meaning, 1),
    "codes less words, on the control": lost(control, 1),
    [MEANING]: [...lost(meaning, 1), ...lost(control, -1)],
    "codes less words, where spelling tells": lost(spelling, 1),
    [SPELLING]: [...lost(spelling, 1), ...lost(control, -1)],
    [TELLING]: [at(meaning, WORDS, -1), at(control, WORDS, 1)],
  };
  return Object.entries(terms).flatMap(([model, sum]) => {
    // The careers of the spelling law are others than the control's: who moves there does not move here.
    const kinds: RowKind[] = model === SPELLING ? ["all"] : ["all", "move", "stay"];
    return kinds.map((transition) => contrastOf(model, sum, fits, transition));
  });
}
