import { setImmediate } from "node:timers/promises";
import type { Career } from "../careers/career";
import type { Decoder } from "../models/decoder";
import type { OccupationModel, PredictOptions } from "../models/occupation-model";
import { emptyDistribution, type TitleDistribution } from "../models/title-distribution";
import type { TitleSet } from "../occupations/title-set";
import { type EncodedCareer, encodeCareer, encodeTitles } from "../text/encode";
import type { TemplateOptions } from "../text/template";
import type { Tokenizer } from "../text/tokenizer";
import { scoreTitles } from "./score-titles";
import { TitleTrie } from "./title-trie";

/** Careers scored side by side. */
const CAREERS_PER_BATCH = 8;

/**
 * A language model as a model of occupations (LABOR-LLM, prediction): P(title | history) is the product over
 * the title's pieces, the boundary space and the line's end among them. Not normalised: the model gets no
 * credit for knowing which titles exist; `validMass` says how much falls on them.
 */
export class LanguageOccupationModel implements OccupationModel {
  private readonly trie: TitleTrie;
  private readonly titlePieces: number[][];

  constructor(
    readonly name: string,
    private readonly decoder: Decoder,
    private readonly tokenizer: Tokenizer,
    private readonly titles: TitleSet,
    private readonly template: TemplateOptions,
  ) {
    this.titlePieces = encodeTitles(titles, tokenizer, template);
    this.trie = new TitleTrie(this.titlePieces);
  }

  async predict(careers: readonly Career[], options: PredictOptions = {}): Promise<TitleDistribution> {
    const distribution = emptyDistribution(careers, this.titles);
    const J = this.titles.size;
    const firstRow: number[] = [];
    let rows = 0;
    for (const career of careers) {
      firstRow.push(rows);
      rows += career.observations.length;
    }
    const encoded = careers.map((career) => this.encode(career));
    // Careers of like length side by side leave little of a batch unused.
    const order = careers
      .map((_, i) => i)
      .sort((a, b) => encoded[a].ids.length - encoded[b].ids.length || a - b);
    let done = 0;
    for (let from = 0; from < order.length; from += CAREERS_PER_BATCH) {
      const members = order.slice(from, from + CAREERS_PER_BATCH);
      const scores = scoreTitles(
        this.decoder,
        members.map((i) => encoded[i]),
        this.trie,
      );
      members.forEach((i, m) => {
        distribution.logProbability.set(scores[m], firstRow[i] * J);
        for (let n = 0; n < careers[i].observations.length; n++) {
          const row = scores[m].subarray(n * J, (n + 1) * J);
          distribution.validMass[firstRow[i] + n] = row.reduce((mass, score) => mass + Math.exp(score), 0);
        }
        done += careers[i].observations.length;
      });
      options.onProgress?.(done, rows);
      await setImmediate();
    }
    return distribution;
  }

  /** @throws Error if a title's pieces depend on where it stands: the trie would score another text */
  private encode(career: Career): EncodedCareer {
    const encoded = encodeCareer(career, this.tokenizer, this.template);
    encoded.titles.forEach(({ start, end }, n) => {
      const expected = this.titlePieces[this.titles.indexOf(career.observations[n].title)];
      if (encoded.ids.slice(start, end).join() !== expected.join()) {
        throw new Error(`the pieces of "${career.observations[n].title}" depend on where it stands`);
      }
    });
    return encoded;
  }
}
