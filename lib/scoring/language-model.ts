import { setImmediate } from "node:timers/promises";
import type { Career } from "../careers/career";
import type { Decoder } from "../models/decoder";
import type { OccupationModel, PredictOptions } from "../models/occupation-model";
import { emptyDistribution, type TitleDistribution } from "../models/title-distribution";
import type { TitleSet } from "../occupations/title-set";
import { encodeTitles } from "../text/encode";
import type { TemplateOptions } from "../text/template";
import type { Tokenizer } from "../text/tokenizer";
import { type CareerWindow, careerWindows } from "../text/windows";
import { scoreTitles } from "./score-titles";
import { TitleTrie } from "./title-trie";

/** Careers, or windows of them, scored side by side. */
const CAREERS_PER_BATCH = 8;

/**
 * A language model as a model of occupations (LABOR-LLM, prediction): P(title | history) is the product over
 * the title's pieces, the boundary space and the line's end among them. Not normalised: the model gets no
 * credit for knowing which titles exist; `validMass` says how much falls on them. Of a career longer than the
 * model's context the later years are read with as much of the history as fits (`careerWindows`).
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
    const windows = careers.flatMap((career, i) => this.windows(career).map((window) => ({ i, window })));
    // Careers of like length side by side leave little of a batch unused.
    const length = (n: number) => windows[n].window.encoded.ids.length;
    const order = windows.map((_, n) => n).sort((a, b) => length(a) - length(b) || a - b);
    let done = 0;
    for (let start = 0; start < order.length; start += CAREERS_PER_BATCH) {
      const members = order.slice(start, start + CAREERS_PER_BATCH).map((n) => windows[n]);
      const scores = scoreTitles(
        this.decoder,
        members.map(({ window }) => window.encoded),
        this.trie,
      );
      members.forEach(({ i, window: { encoded, from, fresh } }, m) => {
        for (let n = fresh - from; n < encoded.titles.length; n++) {
          const row = scores[m].subarray(n * J, (n + 1) * J); // (J)
          const at = firstRow[i] + from + n;
          distribution.logProbability.set(row, at * J);
          distribution.validMass[at] = row.reduce((mass, score) => mass + Math.exp(score), 0);
          done++;
        }
      });
      options.onProgress?.(done, rows);
      await setImmediate();
    }
    return distribution;
  }

  /** @throws Error if a title's pieces depend on where it stands: the trie would score another text */
  private windows(career: Career): CareerWindow[] {
    const windows = careerWindows(career, this.tokenizer, this.template, this.decoder.config.contextLength);
    for (const { encoded, from } of windows) {
      encoded.titles.forEach(({ start, end }, n) => {
        const { title } = career.observations[from + n];
        const expected = this.titlePieces[this.titles.indexOf(title)];
        if (encoded.ids.slice(start, end).join() !== expected.join()) {
          throw new Error(`the pieces of "${title}" depend on where it stands`);
        }
      });
    }
    return windows;
  }
}
