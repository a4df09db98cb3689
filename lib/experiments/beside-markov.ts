import type { CareerPanel } from "../careers";
import { methodNamed, settingsOf } from "../methods";
import { checkSameRows, perplexity } from "../metrics";
import { type ObservedScores, observedScores } from "../predictions";
import { literalWording } from "../text";

/**
 * Says where a model predicts worse than a first-order Markov table, which costs nothing to fit.
 * @param scores the model's, of `panel`'s careers
 * @param of how many persons of which kind they are: "37 validation persons"
 * @returns a sentence with both perplexities; undefined where the model is as good, or there is nobody to fit a table on
 */
export async function worseThanMarkov(
  scores: ObservedScores,
  panel: CareerPanel,
  { train, validation }: { train: CareerPanel; validation: CareerPanel },
  of: string,
): Promise<string | undefined> {
  if (train.careers.length === 0 || validation.careers.length === 0) return undefined;
  const markov = methodNamed("markov");
  const task = { train, validation, settings: settingsOf(markov, {}), wording: literalWording, seed: 1 };
  const table = observedScores(await (await markov.fit(task)).model.predict(panel.careers));
  checkSameRows({ model: scores, Markov: table });
  const [own, tables] = [perplexity(scores), perplexity(table)];
  if (!(own > tables)) return undefined;
  return (
    `Warning: the model predicts worse than a table of how often each title follows each other (Markov): of the ${of} ` +
    `its perplexity is ${own.toPrecision(3)}, the table's, from the same training persons, ${tables.toPrecision(3)}.`
  );
}
