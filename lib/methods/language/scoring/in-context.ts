import type { Career, CareerPanel } from "../../../careers";
import { UserError } from "../../../errors";
import type { LanguageModel } from "../../../networks";
import type {
  ObservedScores,
  OccupationModel,
  PredictOptions,
  TitleDistribution,
} from "../../../predictions";
import { careerWindows, encodeCareer, encodeTitles, type TemplateOptions, titleText } from "../../../text";
import { CAREERS_PER_BATCH } from "./batches";
import { ExampleCareers, type ExampleChoice } from "./example-careers";
import { scoreByTexts } from "./observed";
import { checkScoringOptions, type ScoringCost, type ScoringOptions } from "./options";
import { checkTitleTokens, predictTitles, type ReadWindow } from "./predict";
import { TitleTrie } from "./title-trie";

export interface InContextOptions {
  /** Example careers before the person's own. Default 4. */
  k?: number;
  /** "similar": to each person by covariates; "random": the same for all. Default "similar". */
  choose?: ExampleChoice;
  /** Whether the prompt begins with the list of titles. Default false. */
  listTitles?: boolean;
  /**
   * Of the random examples, and of the order among equally similar ones; "drawn" where the careers are the `examples`
   * of a model of the same options. Default 1.
   */
  seed?: number | "drawn";
  /** What the texts show; by default everything, under the panel's survey. */
  template?: TemplateOptions;
  scoring?: ScoringOptions;
  /** Shown in tables; by default it says what the prompt holds. */
  name?: string;
}

/** The line before the list of titles. */
const LIST_HEAD = "The job title is one of the following, one per line:\n";

/**
 * In-context learning (LABOR-LLM): a language model that is not fine-tuned reads k example careers, and the list of
 * titles where asked, before each person's career. Titles are scored as by `LanguageOccupationModel`. What prompts
 * share is read once: the list of titles, and random examples. Where prompt and career exceed the model's context,
 * the least fitting examples are dropped (`notes` tells of it); then the career is read in windows.
 * @param examples whose careers are shown, of other persons than those predicted, and whose titles are scored
 * @throws UserError for options that do not fit, or a list of titles that leaves no room for careers
 */
export function inContextModel(
  model: LanguageModel,
  examples: Pick<CareerPanel, "titles" | "careers" | "surveyTag" | "tellsEducation">,
  options: InContextOptions = {},
): InContextModel {
  return new InContextModel(model, examples, options);
}

export class InContextModel implements OccupationModel {
  readonly name: string;
  readonly careersAtOnce: number;
  /** What the last prediction took; undefined before the first. */
  cost: ScoringCost | undefined;
  /** Of the last prediction, what a reader of its numbers should know. */
  notes: readonly string[] = [];
  private readonly k: number;
  private readonly template: TemplateOptions;
  private readonly titleTokens: number[][];
  private readonly trie: TitleTrie;
  private readonly chosen: ExampleCareers;
  /** The begin mark, and the list of titles where asked. */
  private readonly head: Int32Array;
  private readonly exampleIds = new Map<Career, Int32Array>();
  /** Beginnings that several prompts share, by the examples that they hold. */
  private readonly beginnings = new Map<string, Int32Array>();

  constructor(
    private readonly model: LanguageModel,
    private readonly panel: Pick<CareerPanel, "titles" | "careers" | "surveyTag" | "tellsEducation">,
    private readonly options: InContextOptions,
  ) {
    const { k = 4, choose = "similar", listTitles = false, seed = 1, scoring = {} } = options;
    checkScoringOptions(scoring);
    this.k = k;
    this.template = options.template ?? {
      surveyTag: panel.surveyTag,
      omit: panel.tellsEducation === false ? ["education"] : [],
    };
    this.chosen = new ExampleCareers(panel.careers, k, choose, seed);
    // Examples that all prompts share are read anew each time.
    this.careersAtOnce = (choose === "random" ? 4 : 1) * CAREERS_PER_BATCH;
    this.name = options.name ?? defaultName(k, choose, listTitles);
    const { tokenizer, decoder } = model;
    const { titles } = panel;
    this.titleTokens = encodeTitles(titles, tokenizer, this.template);
    this.trie = new TitleTrie(this.titleTokens);
    const list = titles.titles.map((title) => `-${titleText(title, this.template.wording)}`).join("");
    this.head = tokenizer.encode(listTitles ? LIST_HEAD + list : "", { addBos: true });
    const { contextLength } = decoder.config;
    if (this.head.length > contextLength / 2) {
      throw new UserError(
        `the list of ${titles.size} titles takes ${this.head.length} tokens, more than half of the ${contextLength} that the model reads`,
        "Take a model with a longer context, or leave the list out.",
      );
    }
  }

  /** The careers that may be shown: all that the model needs of those it was given. */
  get examples(): readonly Career[] {
    return this.chosen.careers;
  }

  async predict(careers: readonly Career[], options: PredictOptions = {}): Promise<TitleDistribution> {
    const { decoder } = this.model;
    const { titles } = this.panel;
    const scoring = this.options.scoring ?? {};
    return this.noting(careers, async (windows) => {
      const prediction = { decoder, titles, trie: this.trie, windows, scoring };
      const { distribution, cost } = await predictTitles(prediction, careers, options);
      this.cost = cost;
      return distribution;
    });
  }

  async score(careers: readonly Career[], options: PredictOptions = {}): Promise<ObservedScores> {
    return this.noting(careers, (windows) =>
      scoreByTexts(this.model.decoder, this.panel.titles, windows, careers, options),
    );
  }

  /** Reads careers, and notes what of their prompts did not fit. */
  private async noting<Answers>(
    careers: readonly Career[],
    read: (windows: (career: Career) => ReadWindow[]) => Promise<Answers>,
  ): Promise<Answers> {
    let [dropped, shortened, cut] = [0, 0, 0];
    const answers = await read((career) => {
      const { windows, examples } = this.windows(career);
      dropped += this.k - examples;
      if (examples < this.k) shortened++;
      if (windows.length > 1) cut++;
      return windows;
    });
    const room = `the ${this.model.decoder.config.contextLength} tokens that the model reads`;
    this.notes = [
      ...(dropped > 0
        ? [
            `${dropped} of ${this.k * careers.length} examples were dropped, before ${shortened} of ${careers.length} careers, to fit ${room}`,
          ]
        : []),
      ...(cut > 0 ? [`${cut} of ${careers.length} careers were read in windows, to fit ${room}`] : []),
    ];
    return answers;
  }

  dispose(): void {
    this.model.decoder.dispose();
  }

  /** The texts in which a career is read, each with its prompt, and the examples that they hold. */
  windows(career: Career): { windows: ReadWindow[]; examples: number } {
    const { tokenizer, decoder } = this.model;
    const { contextLength } = decoder.config;
    const own = encodeCareer(career, tokenizer, this.template).ids.length - 1; // without the begin mark
    let examples = this.chosen.of(career);
    const length = () =>
      examples.reduce((n, example) => n + this.idsOf(example).length, this.head.length + own);
    while (examples.length > 0 && length() > contextLength) examples = examples.slice(0, -1);
    const beginning = this.beginning(examples);
    const room = contextLength - beginning.length + 1;
    const windows = careerWindows(career, tokenizer, this.template, room);
    checkTitleTokens(career, windows, this.panel.titles, this.titleTokens);
    // What one text alone begins with is not worth a pass of its own; the begin mark alone neither.
    const [shared] = this.options.choose === "random" ? [beginning] : [this.head];
    return {
      windows: windows.map((window) => ({
        ...window,
        encoded: {
          ids: Int32Array.of(...beginning, ...window.encoded.ids.subarray(1)),
          titles: window.encoded.titles.map(({ start, end }) => ({
            start: start + beginning.length - 1,
            end: end + beginning.length - 1,
          })),
        },
        ...(shared.length > 1 ? { shared } : {}),
      })),
      examples: examples.length,
    };
  }

  /** The tokens before a career, with the most fitting example last: it then stands nearest. */
  private beginning(examples: readonly Career[]): Int32Array {
    const key = JSON.stringify(examples.map(({ person }) => person));
    const known = this.beginnings.get(key);
    if (known !== undefined) return known;
    const parts = [...examples].reverse().map((example) => this.idsOf(example));
    const ids = Int32Array.from([this.head, ...parts].flatMap((part) => Array.from(part)));
    if (this.options.choose === "random") this.beginnings.set(key, ids);
    return ids;
  }

  /** An example's tokens, encoded by itself, without the begin mark. */
  private idsOf(example: Career): Int32Array {
    let ids = this.exampleIds.get(example);
    if (ids === undefined) {
      ids = encodeCareer(example, this.model.tokenizer, this.template).ids.slice(1);
      this.exampleIds.set(example, ids);
    }
    return ids;
  }
}

function defaultName(k: number, choose: ExampleChoice, listTitles: boolean): string {
  const examples = k === 0 ? "no examples" : `${k} ${choose} example${k === 1 ? "" : "s"}`;
  return `in-context, ${examples}${listTitles ? ", titles listed" : ""}`;
}
