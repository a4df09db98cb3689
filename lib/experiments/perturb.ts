import type { CareerPanel } from "../careers/panel";
import { UserError } from "../errors";
import type { BootstrapOptions } from "../metrics/bootstrap";
import { comparePerplexity } from "../metrics/compare";
import { distributionShift } from "../metrics/shift";
import type { OccupationModel } from "../models/occupation-model";
import { selectRows } from "../models/select-rows";
import { LanguageOccupationModel } from "../scoring/language-model";
import { type Perturbation, perturbations, perturbedTitles, perturbTitle } from "../text/perturbations";
import type { TitleWording } from "../text/titles";

/** What became of a model's answers when the career so far was told in other words; errors are over persons. */
export type PerturbationRow = {
  "history in": "the survey's words" | Perturbation;
  /** Share of person-years whose title before was worded otherwise. */
  "history changed": number;
  "person-years": number;
  perplexity: number;
  "standard error": number;
  /** Less that with the survey's words, paired. */
  difference: number;
  "standard error, paired": number;
  "in nats": number;
  "standard error, nats": number;
  "total variation": number;
  "standard error, variation": number;
  "Jensen-Shannon, nats": number;
  "standard error, divergence": number;
  "top title changed": number;
  "standard error, top": number;
};

/** Rows, and the other words that could not be read, with the reason. */
export interface PerturbedHistories {
  rows: PerturbationRow[];
  failures: { "history in": Perturbation; reason: string }[];
}

/**
 * Semantic perturbation at test time: the titles of each career so far are put in other words by rules
 * (data/perturbations), the model is asked for the next title in the survey's own words, and its answers are held
 * against those that it gives to the survey's words. Person-years without a history are left out. A model whose softmax
 * is over some pieces reads all with those of the other words besides.
 * @throws UserError for a model that reads no words
 */
export async function perturbHistories(
  model: OccupationModel,
  { titles, careers }: CareerPanel,
  options: BootstrapOptions & { onProgress?: (done: number, total: number) => void } = {},
): Promise<PerturbedHistories> {
  if (!(model instanceof LanguageOccupationModel)) {
    throw new UserError(`${model.name} reads no words`, "Take a language model that was fine-tuned.");
  }
  const { onProgress, ...bootstrap } = options;
  const failures: PerturbedHistories["failures"] = [];
  const attempt = async <Made>(kind: Perturbation, make: () => Made | Promise<Made>): Promise<Made[]> => {
    try {
      return [await make()];
    } catch (error) {
      // Titles that cannot be told apart in these words, or a tokenizer that lacks some letters.
      if (!(error instanceof UserError)) throw error;
      failures.push({ "history in": kind, reason: error.message });
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
  const rows = [rowOf("the survey's words", reference)];
  for (const [i, { kind, wording }] of worded.entries()) {
    const answers = await attempt(kind, () => reader.readingHistoryAs(wording).predict(careers));
    for (const other of answers) rows.push(rowOf(kind, selectRows(other, withHistory)));
    onProgress?.(i + 2, worded.length + 1);
  }
  return { rows, failures };

  function rowOf(kind: PerturbationRow["history in"], distribution: typeof reference): PerturbationRow {
    const pair = { reference, [kind]: distribution };
    const found = comparePerplexity(pair, { ...bootstrap, kinds: ["all"], reference: "reference" });
    const row = found.find(({ model: name }) => name === kind)!;
    const shift = distributionShift(reference, distribution, bootstrap);
    const changed = reference.previous.filter(
      (title) =>
        kind !== "the survey's words" && perturbTitle(titles.titles[title], kind) !== titles.titles[title],
    );
    return {
      "history in": kind,
      "history changed": changed.length / reference.observed.length,
      "person-years": row.personYears,
      perplexity: row.perplexity,
      "standard error": row.perplexityError,
      difference: row.difference,
      "standard error, paired": row.differenceError,
      "in nats": row.logRatio,
      "standard error, nats": row.logRatioError,
      "total variation": shift.totalVariation,
      "standard error, variation": shift.totalVariationError,
      "Jensen-Shannon, nats": shift.jensenShannon,
      "standard error, divergence": shift.jensenShannonError,
      "top title changed": shift.topChanged,
      "standard error, top": shift.topChangedError,
    };
  }
}
