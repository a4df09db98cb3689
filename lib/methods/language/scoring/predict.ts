import type { Career } from "../../../careers";
import { UserError } from "../../../errors";
import type { Decoder } from "../../../networks";
import type { TitleSet } from "../../../occupations";
import { emptyDistribution, type PredictOptions, type TitleDistribution } from "../../../predictions";
import type { CareerWindow } from "../../../text";
import { batchesOf } from "./batches";
import { disposePrefix, readPrefix, type SharedPrefix } from "./career-pass";
import type { ScoringCost, ScoringOptions } from "./options";
import { scoreTitles } from "./score-titles";
import type { TitleTrie } from "./title-trie";

/** A stretch of a career as it is read: its tokens, and how many of the first it shares with others. */
export interface ReadWindow extends CareerWindow {
  /** A beginning that is read once for all texts that have the same (the same array); absent where there is none. */
  shared?: Int32Array;
}

/** What is scored, and by what. */
export interface TitlePrediction {
  decoder: Decoder;
  titles: TitleSet;
  trie: TitleTrie;
  /** The texts in which a career's observations are read. */
  windows: (career: Career) => ReadWindow[];
  scoring: ScoringOptions;
  /** Whether the texts word titles otherwise than the trie. Default false. */
  reworded?: boolean;
}

/** The distribution over titles of every person-year of some careers, and what it took. */
export async function predictTitles(
  { decoder, titles, trie, windows: windowsOf, scoring, reworded }: TitlePrediction,
  careers: readonly Career[],
  { onProgress }: PredictOptions = {},
): Promise<{ distribution: TitleDistribution; cost: ScoringCost }> {
  const rows = careers.reduce((n, career) => n + career.observations.length, 0);
  const distribution: TitleDistribution = {
    ...emptyDistribution(careers, titles),
    ...(scoring.mode === "bounded" ? { neglectedMass: new Float32Array(rows) } : {}), // (N)
  };
  const J = titles.size;
  const cost: ScoringCost = { positions: 0, padding: 0, plainPositions: 0, naivePositions: 0 };
  let done = 0;
  let beginnings: readonly Int32Array[] = [];
  let prefix: SharedPrefix | undefined;
  try {
    for (const members of batchesOf(careers, windowsOf, trie, decoder.config)) {
      const own = [...new Set(members.flatMap(({ window: { shared } }) => shared ?? []))];
      if (own.length !== beginnings.length || own.some((ids, row) => ids !== beginnings[row])) {
        if (prefix !== undefined) disposePrefix(prefix);
        prefix = own.length === 0 ? undefined : readPrefix(decoder, own);
        beginnings = own;
        cost.positions += own.length * (prefix?.length ?? 0);
      }
      const texts = members.map(({ at, window: { encoded, from, fresh, shared } }) => {
        const happened = distribution.observed.subarray(at + from, at + from + encoded.titles.length);
        const beginning = shared && own.indexOf(shared);
        return { ...encoded, beginning, first: fresh - from, reworded: reworded ? happened : undefined };
      });
      const scores = await scoreTitles(decoder, texts, trie, scoring, prefix);
      for (const key of Object.keys(cost) as (keyof ScoringCost)[]) cost[key] += scores.cost[key];
      members.forEach(({ at, window: { encoded, from, fresh } }, m) => {
        for (let n = fresh - from; n < encoded.titles.length; n++) {
          const row = scores.logProbability[m].subarray(n * J, (n + 1) * J); // (J)
          distribution.logProbability.set(row, (at + from + n) * J);
          distribution.validMass[at + from + n] = row.reduce((mass, score) => mass + Math.exp(score), 0);
          if (distribution.neglectedMass) distribution.neglectedMass[at + from + n] = scores.neglected[m][n];
          done++;
        }
      });
      onProgress?.(done, rows);
    }
  } finally {
    if (prefix !== undefined) disposePrefix(prefix);
  }
  return { distribution, cost };
}

/**
 * Checks that a career's titles stand in the text as the trie has them.
 * @param titleTokens of each title of the set
 * @throws UserError if not: the trie would score another text
 */
export function checkTitleTokens(
  career: Career,
  windows: readonly CareerWindow[],
  titles: TitleSet,
  titleTokens: readonly (readonly number[])[],
): void {
  for (const { encoded, from } of windows) {
    encoded.titles.forEach(({ start, end }, n) => {
      const { title, year } = career.observations[from + n];
      const expected = titleTokens[titles.indexOf(title)];
      if (expected !== undefined && encoded.ids.slice(start, end).join() === expected.join()) return;
      throw new UserError(
        `person ${career.person}, year ${year}: the tokens of "${title}" depend on what stands before it`,
        "Take a tokenizer that cuts words at spaces, or word this title otherwise.",
      );
    });
  }
}
