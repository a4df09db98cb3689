import type { Comparison } from "../../experiments";
import {
  type ComparisonOptions,
  type MeasureId,
  measurePerplexity,
  onCommonPersons,
  only,
  type RowKind,
} from "../../metrics";
import {
  type Claim,
  type Evidence,
  type Finding,
  judge,
  type Publication,
  type PublishedNumber,
  publishedOrder,
} from "../../results";

/** A claim that one model's perplexity is below another's. */
export interface OrderClaim {
  claim: string;
  lower: string;
  higher: string;
  /** The person-years that it is judged on. Default: all. */
  kind?: RowKind;
  /** The claim is that the two are equal within this many nats: it is supported if that is shown (`isEquivalent`). */
  tieWithin?: number;
  /** The published perplexities of both, on the paper's survey, or a finding; of the same thing, or the claim replicates nothing. */
  published?: { lower: PublishedNumber; higher: PublishedNumber } | Publication;
}

/** The claim as one on the mean of -ln P of the higher model less the lower's, in nats. */
export function asClaim({ claim: says, tieWithin, published }: OrderClaim): Claim {
  return {
    says,
    expects: tieWithin === undefined ? { is: "above", bound: 0 } : { is: "within", of: 0, margin: tieWithin },
    published:
      published === undefined || "text" in published
        ? published
        : publishedOrder(published.higher, published.lower),
  };
}

/** Claims of one survey: each order is judged on the two models' own predictions, of the persons that both have. Claims on models that are absent are left out. */
export function judgeOrders(
  comparison: Pick<Comparison, "survey" | "scores">,
  claims: readonly OrderClaim[],
  options: Omit<ComparisonOptions, "reference"> = {},
): Finding[] {
  return claims
    .filter((claim) => isPresent(comparison, claim))
    .map((claim) => judge(asClaim(claim), compareOrder(comparison, claim, options)));
}

/** Whether a comparison has both models of a claim. */
export function isPresent({ scores }: Pick<Comparison, "scores">, { lower, higher }: OrderClaim): boolean {
  return lower in scores && higher in scores;
}

/**
 * What an order of two models is held against, on the persons that both have: the paired difference, higher less lower, over the
 * person-years of the claim, of the mean of -ln P in nats, and of perplexity beside it.
 */
export function compareOrder(
  { survey, scores }: Pick<Comparison, "survey" | "scores">,
  { lower, higher, kind = "all" }: OrderClaim,
  options: Omit<ComparisonOptions, "reference"> = {},
): Evidence {
  const pair = onCommonPersons({ [lower]: scores[lower], [higher]: scores[higher] });
  const found = measurePerplexity(survey, pair, { ...options, kinds: [kind], reference: lower });
  const of = (measure: MeasureId) => only(found, { model: higher, measure });
  const { estimate, persons, measure } = of("log-loss difference");
  const { value: difference, standardError } = of("perplexity difference").estimate;
  return {
    ...{ survey, measure, measured: { ...estimate, persons } },
    perplexity: { difference, standardError },
  };
}
