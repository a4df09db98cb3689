import { UserError } from "../errors";
import type { TitleDistribution } from "../models/title-distribution";
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
  terms: readonly { times: number; distribution: TitleDistribution }[],
  kind: RowKind = "all",
): ClosedFormEstimate {
  const [{ distribution: first }] = terms;
  for (const { distribution } of terms) {
    const alike = (name: "person" | "year") =>
      distribution[name].length === first[name].length &&
      first[name].every((value, n) => distribution[name][n] === value);
    if (alike("person") && alike("year")) continue;
    throw new UserError(
      "the models of a contrast answer for other person-years",
      "Let them predict the same persons.",
    );
  }
  const sum = new Float64Array(first.observed.length); // (N)
  for (const { times, distribution } of terms) {
    surprisal(distribution).forEach((value, n) => {
      sum[n] += times * value;
    });
  }
  return clusterRobustMean(personTotals(first, sum)[kind]);
}
