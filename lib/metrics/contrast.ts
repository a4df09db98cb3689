import { UserError } from "../errors";
import type { ObservedScores } from "../predictions";
import { type ClosedFormEstimate, clusterRobustMean } from "./cluster-robust";
import { personTotals, surprisal } from "./perplexity";
import type { RowKind } from "./rows";

/**
 * A weighted sum of models' mean surprisals, -ln P in nats, with its error over persons: a difference (1, -1), or a
 * difference of differences (1, -1, -1, 1). The models may answer for surveys in which the same persons' years bear
 * other titles.
 * @throws UserError if persons or years differ
 */
export function surprisalContrast(
  terms: readonly { times: number; scores: ObservedScores }[],
  kind: RowKind = "all",
): ClosedFormEstimate {
  const [{ scores: first }] = terms;
  for (const { scores } of terms) {
    const alike = (name: "person" | "year") =>
      scores[name].length === first[name].length &&
      first[name].every((value, n) => scores[name][n] === value);
    if (alike("person") && alike("year")) continue;
    throw new UserError(
      "the models of a contrast answer for other person-years",
      "Let them predict the same persons.",
    );
  }
  const sum = new Float64Array(first.observed.length); // (N)
  for (const { times, scores } of terms) {
    surprisal(scores).forEach((value, n) => {
      sum[n] += times * value;
    });
  }
  return clusterRobustMean(personTotals(first, sum)[kind]);
}

/**
 * What covariates say of the titles beyond what each says alone, as terms of a `surprisalContrast`, nats: the cost of leaving
 * all out less the sum of the costs of leaving each out, an estimate of the co-information. Above 0 they are *redundant*
 * (what one says another says too), below 0 *complementary* (they say something together that none says without the
 * others: an exclusive or), at 0 independent (McGill 1954; Williams and Beer 2010).
 * @param told the model that knows all: its name, or its predictions
 * @param withoutEach models that know all but one
 * @param withoutAll the model that knows none
 */
export function coInformation<Model>(
  told: Model,
  withoutEach: readonly Model[],
  withoutAll: Model,
): { times: number; of: Model }[] {
  return [
    { times: 1, of: withoutAll },
    ...withoutEach.map((of) => ({ times: -1, of })),
    { times: withoutEach.length - 1, of: told },
  ];
}
