import type { Span } from "../../text";

/** A text as tokens, of which only those in some spans are to be predicted. */
export interface MaskedText {
  ids: Int32Array;
  /** Spans of tokens, apart and in order; a text's first token has nothing before it and is never predicted. */
  predicted: readonly Span[];
  /** How much its tokens count in the loss; 1 unless given. Over the training texts, the mean token should count 1. */
  weight?: number;
}

/** A text to train on: as tokens, each but the first to be predicted from those before it, or with spans that say which. */
export type TrainingText = Int32Array | MaskedText;

export function tokensOf(text: TrainingText): Int32Array {
  return text instanceof Int32Array ? text : text.ids;
}

/** Spans of the tokens to be predicted. */
export function predictedSpans(text: TrainingText): readonly Span[] {
  if (text instanceof Int32Array) return [{ start: 1, end: text.length }];
  return text.predicted.map(({ start, end }) => ({ start: Math.max(1, start), end }));
}

/** How much a text's tokens count in the loss. */
export function weightOf(text: TrainingText): number {
  return text instanceof Int32Array ? 1 : (text.weight ?? 1);
}

/** Number of tokens to be predicted. */
export function predictedTokens(text: TrainingText): number {
  return predictedSpans(text).reduce((n, { start, end }) => n + Math.max(0, end - start), 0);
}
