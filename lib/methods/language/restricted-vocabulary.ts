import * as tf from "@tensorflow/tfjs";
import { Decoder, type LanguageModel } from "../../networks";
import { restrictTokenizer } from "./restricted-tokenizer";

/** A language model over some of the tokens of a larger one. */
export interface RestrictedModel extends LanguageModel {
  /** Which of the larger one's tokens are this one's 0, 1, …; ascending. */
  tokens: Int32Array;
  /** The larger one. */
  whole: LanguageModel;
}

/** The parameters with a row for each token. */
const BY_TOKEN = ["model.embed_tokens.weight", "lm_head.weight"];

/**
 * A model that knows only some tokens, and gives to a text the probability of the whole model whose softmax is
 * masked to them: its embedding and head hold only their rows. All other parameters are the whole model's own
 * variables, not copies: training the one trains the other.
 * @param tokens ascending, as from `reachableTokens`
 */
export function restrictVocabulary(model: LanguageModel, tokens: Int32Array): RestrictedModel {
  const parameters = new Map(model.decoder.parameters);
  tf.tidy(() => {
    for (const name of BY_TOKEN.filter((name) => parameters.has(name))) {
      const rows = tf.gather(parameters.get(name)!, tf.tensor1d(tokens, "int32")); // (V, D)
      parameters.set(name, tf.variable(rows, true));
    }
  });
  const config = { ...model.decoder.config, vocabularySize: tokens.length };
  const tokenizer = restrictTokenizer(model.tokenizer, tokens);
  return {
    decoder: new Decoder(config, parameters, "model of some tokens"),
    tokenizer,
    tokens,
    whole: model,
  };
}

/**
 * Writes what a restricted model has learnt back into the whole one that it was made from: the rows of its tokens;
 * the others stay as they were.
 */
export function restoreVocabulary(restricted: RestrictedModel, whole: LanguageModel): void {
  const { tokens, decoder } = restricted;
  for (const [name, variable] of whole.decoder.parameters) {
    const trained = decoder.parameters.get(name)!;
    if (trained === variable) continue;
    if (!BY_TOKEN.includes(name)) {
      variable.assign(trained.clone());
      continue;
    }
    const [values, rows] = [variable.dataSync().slice(), trained.dataSync()];
    const width = variable.shape[1]!;
    tokens.forEach((token, place) => {
      values.set(rows.subarray(place * width, (place + 1) * width), token * width);
    });
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}

/** Frees what a restricted model holds besides the whole model's variables. */
export function disposeRestricted(restricted: RestrictedModel): void {
  for (const name of BY_TOKEN) restricted.decoder.parameters.get(name)?.dispose();
}
