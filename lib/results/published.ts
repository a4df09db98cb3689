/**
 * How sure we are of a published number. A: read in the authors' own abstract, model card, code or logs. B: stated
 * in a third-party summary of the paper's later versions; the paper's tables themselves were not seen.
 */
export type Mark = "A" | "B";

/** What to print beside a published number. */
export const MARK_WORDING: Readonly<Record<Mark, string>> = {
  A: "as reported (authors' own material)",
  B: "as reported (secondary source)",
};

export interface PublishedNumber {
  /** As findings name it: its place in `published`. */
  id: string;
  what: string;
  number: number;
  mark: Mark;
  source: string;
}

const LABOR_LLM = "LABOR-LLM (Athey et al., arXiv 2406.17972), summary of its later versions";

const reported = (id: string, what: string, number: number): PublishedNumber => ({
  id,
  what,
  number,
  mark: "B",
  source: LABOR_LLM,
});

/** The published numbers that a notebook may quote; all on the authors' PSID81 extract unless `what` says otherwise. */
export const published = {
  /** Perplexity per person-year, un-normalised. */
  perplexity: {
    offTheShelf7B: reported(
      "perplexity.offTheShelf7B",
      "PSID81 perplexity, Llama-2-7B off the shelf",
      364.655,
    ),
    career: reported("perplexity.career", "PSID81 perplexity, CAREER", 8.58),
    fineTuned7B: reported("perplexity.fineTuned7B", "PSID81 perplexity, fine-tuned Llama-2-7B", 8.184),
    fineTuned13B: reported("perplexity.fineTuned13B", "PSID81 perplexity, fine-tuned Llama-2-13B", 8.14),
    fineTuned7BPooled: reported(
      "perplexity.fineTuned7BPooled",
      "PSID81 perplexity, Llama-2-7B fine-tuned on 100 % of the pooled surveys",
      8.082,
    ),
    fineTuned7BNumericTitles: reported(
      "perplexity.fineTuned7BNumericTitles",
      "PSID81 perplexity, Llama-2-7B fine-tuned with numeric titles",
      8.83,
    ),
  },
  /** Area under the ROC curve. */
  auc: {
    move: reported("auc.move", "AUC of changing occupation", 0.848),
    unemployed: reported("auc.unemployed", "AUC of being unemployed", 0.754),
  },
  consistency: {
    correlation: reported(
      "consistency.correlation",
      "correlation of a direct multi-year prediction with composed one-year predictions",
      0.93,
    ),
  },
  data: {
    persons: reported("data.persons", "persons in PSID81, NLSY79 and NLSY97 together, approximately", 52_500),
  },
} as const satisfies Record<string, Record<string, PublishedNumber>>;

/** The number with its mark's wording: `8.184, as reported (secondary source)`. */
export function quote({ number, mark }: PublishedNumber): string {
  return `${number}, ${MARK_WORDING[mark]}`;
}
