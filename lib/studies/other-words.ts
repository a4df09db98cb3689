import type { CareerPanel } from "../careers";
import { UserError } from "../errors";
import type { Figure } from "../figures";
import { LanguageOccupationModel } from "../methods";
import {
  type BootstrapOptions,
  exactly,
  type Measurement,
  measurePerplexity,
  measureShift,
  only,
  where,
} from "../metrics";
import { type OccupationModel, observedScores, selectRows, type TitleDistribution } from "../predictions";
import { modelsFigure, type Skipped } from "../results";
import { type Perturbation, perturbations, perturbedTitles, perturbTitle, type TitleWording } from "../text";

/** The history in the words that the survey has. */
const OWN = "the survey's words";

/** What became of a model's answers by the words of the history, and the words that could not be read, with the reason. */
export interface OtherWords {
  measurements: Measurement[];
  skipped: Skipped[];
}

/**
 * Semantic perturbation at test time: the titles of each career so far are put in other words by rules
 * (data/perturbations), the model is asked for the next title in the survey's own words, and its answers are held
 * against those that it gives to the survey's words. Person-years without a history are left out. A model whose softmax
 * is over some tokens reads all with those of the other words besides.
 * @throws UserError for a model that reads no words
 */
export async function inOtherWords(
  model: OccupationModel,
  panel: CareerPanel,
  options: BootstrapOptions & { onProgress?: (done: number, total: number) => void } = {},
): Promise<OtherWords> {
  if (!(model instanceof LanguageOccupationModel)) {
    throw new UserError(`${model.name} reads no words`, "Take a language model that was fine-tuned.");
  }
  const { onProgress, ...bootstrap } = options;
  const { titles, careers } = panel;
  const skipped: Skipped[] = [];
  const attempt = async <Made>(kind: Perturbation, make: () => Made | Promise<Made>): Promise<Made[]> => {
    try {
      return [await make()];
    } catch (error) {
      // Titles that cannot be told apart in these words, or a tokenizer that lacks some letters.
      if (!(error instanceof UserError)) throw error;
      skipped.push({ survey: panel.name, model: kind, reason: error.message });
      return [];
    }
  };
  const worded: { kind: Perturbation; wording: TitleWording }[] = [];
  for (const kind of perturbations) {
    worded.push(...(await attempt(kind, () => ({ kind, wording: perturbedTitles(titles, kind) }))));
  }
  const reader = model.knowing(worded.map(({ wording }) => wording));
  const plain = await reader.predict(careers);
  const withHistory = (n: number) => plain.previous[n] >= 0;
  const reference = selectRows(plain, withHistory);
  onProgress?.(1, worded.length + 1);
  const survey = panel.name;
  const measured = (kind: string, distribution: TitleDistribution): Measurement[] => {
    const pair = { [OWN]: observedScores(reference), [kind]: observedScores(distribution) };
    const found = measurePerplexity(survey, pair, { ...bootstrap, kinds: ["all"], reference: OWN });
    const changed = reference.previous.filter(
      (title) =>
        kind !== OWN && perturbTitle(titles.titles[title], kind as Perturbation) !== titles.titles[title],
    );
    const [own] = where(found, { model: kind });
    return [
      { ...own, measure: "history changed", estimate: exactly(changed.length / reference.observed.length) },
      ...where(found, { model: kind }),
      ...measureShift(survey, { model: kind, against: OWN }, [reference, distribution], bootstrap),
    ];
  };
  const measurements = measured(OWN, reference);
  for (const [i, { kind, wording }] of worded.entries()) {
    const answers = await attempt(kind, () => reader.readingHistoryAs(wording).predict(careers));
    for (const other of answers) measurements.push(...measured(kind, selectRows(other, withHistory)));
    onProgress?.(i + 2, worded.length + 1);
  }
  return { measurements, skipped };
}

/** Perplexity with the history in other words, with the 95 % interval of the ratio to the survey's words. */
export function otherWordsFigure({ measurements }: OtherWords, title: string): Figure {
  // The error of a perplexity of thousands is larger than itself; that of the log ratio to the survey's words is not.
  const perplexities = where(measurements, { measure: "perplexity" }).map((one): Measurement => {
    const { standardError } = only(measurements, {
      model: one.model,
      measure: "log-loss difference",
    }).estimate;
    const times = Math.exp(1.96 * standardError);
    const { value } = one.estimate;
    return { ...one, estimate: { value, standardError, interval: [value / times, value * times] } };
  });
  return modelsFigure(perplexities, {
    title,
    axis: "Perplexity of later person-years (log scale; lower is better; 95 % interval of the ratio to the survey's words)",
  });
}
