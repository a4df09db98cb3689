import type { Career } from "../../../careers";
import type { Decoder } from "../../../networks";
import type { TitleSet } from "../../../occupations";
import {
  lastRows,
  type ObservedScores,
  type OccupationModel,
  observedScores,
  type PredictOptions,
  type TitleDistribution,
} from "../../../predictions";
import {
  type CareerWindow,
  careerWindows,
  encodeTitles,
  type TemplateOptions,
  type TitleWording,
  type Tokenizer,
} from "../../../text";
import { CAREERS_PER_BATCH } from "./batches";
import { withSharedBeginnings } from "./beginnings";
import { scoreByTexts } from "./observed";
import { checkScoringOptions, type ScoringCost, type ScoringOptions } from "./options";
import { checkTitleTokens, predictTitles } from "./predict";
import { TitleTrie } from "./title-trie";

/** Of a model of some tokens: the same with more of them, and the decoder of all. */
interface PartOfModel {
  widen?: (wordings: readonly TitleWording[]) => LanguageOccupationModel;
  whole?: Decoder;
}

/**
 * A language model as a model of occupations (LABOR-LLM, prediction): P(title | history) is the product over
 * the title's tokens, the boundary space and the line's end among them. Not normalised: the model gets no
 * credit for knowing which titles exist; `validMass` says how much falls on them. Of a career longer than the
 * model's context the later years are read with as much of the history as fits (`careerWindows`).
 */
export class LanguageOccupationModel implements OccupationModel {
  /** What the last prediction took; undefined before the first. */
  cost: ScoringCost | undefined;
  readonly careersAtOnce = CAREERS_PER_BATCH;
  /** `knowing`, of a model that lacks tokens. */
  private readonly widen: ((wordings: readonly TitleWording[]) => LanguageOccupationModel) | undefined;
  private readonly whole: Decoder | undefined;
  private history: TitleWording | undefined;
  private readonly trie: TitleTrie;
  private readonly titleTokens: number[][];

  /** @throws UserError for a title that the tokenizer cannot write, or an option of scoring that is none */
  constructor(
    readonly name: string,
    private readonly decoder: Decoder,
    private readonly tokenizer: Tokenizer,
    private readonly titles: TitleSet,
    private readonly template: TemplateOptions,
    private readonly scoring: ScoringOptions = {},
    { widen, whole }: PartOfModel = {},
  ) {
    checkScoringOptions(scoring);
    this.widen = widen;
    this.whole = whole;
    this.titleTokens = encodeTitles(titles, tokenizer, template);
    this.trie = new TitleTrie(this.titleTokens);
  }

  /**
   * A model that can read titles in these words besides. Of one whose softmax is over some tokens, it is over theirs
   * too, so that what it answers to the survey's own words is another probability, and to be compared with it.
   */
  knowing(wordings: readonly TitleWording[]): LanguageOccupationModel {
    return this.widen?.(wordings) ?? this;
  }

  /** The same model, told the career so far in other words and still asked for the titles as it knows them. */
  readingHistoryAs(history: TitleWording): LanguageOccupationModel {
    const { name, decoder, tokenizer, titles, template, scoring } = this;
    const model = new LanguageOccupationModel(name, decoder, tokenizer, titles, template, scoring);
    model.history = history;
    return model;
  }

  /** One pass over the texts; of a history in other words the trie's, as the texts word the titles otherwise. */
  async score(careers: readonly Career[], options: PredictOptions = {}): Promise<ObservedScores> {
    if (this.history !== undefined) return observedScores(await this.predict(careers, options));
    return scoreByTexts(this.decoder, this.titles, (career) => this.windows(career), careers, options);
  }

  async predict(careers: readonly Career[], options: PredictOptions = {}): Promise<TitleDistribution> {
    const { decoder, titles, trie, scoring } = this;
    const windows = (career: Career) => this.windows(career);
    const { distribution, cost } = await predictTitles(
      { decoder, titles, trie, windows, scoring, reworded: this.history !== undefined },
      careers,
      options,
    );
    this.cost = cost;
    return distribution;
  }

  async predictLast(careers: readonly Career[], options: PredictOptions = {}): Promise<TitleDistribution> {
    const { decoder, titles, trie, scoring } = this;
    const last = withSharedBeginnings(
      careers.map((career) => ({
        ...this.windows(career).slice(-1)[0],
        fresh: career.observations.length - 1,
      })),
    );
    const read = new Map(careers.map((career, i) => [career, [last[i]]]));
    const windows = (career: Career) => read.get(career)!;
    const { distribution, cost } = await predictTitles(
      { decoder, titles, trie, windows, scoring, reworded: this.history !== undefined },
      careers,
      options,
    );
    this.cost = cost;
    return lastRows(distribution);
  }

  dispose(): void {
    this.decoder.dispose();
    this.whole?.dispose();
  }

  private windows(career: Career): CareerWindow[] {
    const { contextLength } = this.decoder.config;
    if (this.history !== undefined) {
      return careerWindows(
        career,
        this.tokenizer,
        { ...this.template, wording: this.history },
        contextLength,
      );
    }
    const windows = careerWindows(career, this.tokenizer, this.template, contextLength);
    checkTitleTokens(career, windows, this.titles, this.titleTokens);
    return windows;
  }
}
