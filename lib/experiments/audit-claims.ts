import { standingOf } from "../metrics/standing";
import type { ErrorSources } from "./audit-errors";
import { judgeRerun, type Rerun } from "./audit-rerun";
import { judgeMeasure, type MeasureClaimRow } from "./measure-claims";

/** Claims that fits anew are those that are kept; ours is the largest difference of ln P, nats. */
export function rerunClaims(reruns: readonly Rerun[], tolerance: number): MeasureClaimRow[] {
  return reruns.map((one) => ({
    ...judgeMeasure({
      claim: `A second fit predicts the same: ${one.label}`,
      ours: one.largest,
      error: 0,
      atMost: 0,
    }),
    verdict: judgeRerun(one, tolerance),
  }));
}

/**
 * Claims on where errors come from: of fits that have fresh training sets, that resamples give the standard error that
 * fresh sets have (ours is the ratio); of all, that training persons matter less than test persons (ours is the
 * difference of the standard errors, nats).
 */
export function errorClaims(sources: readonly ErrorSources[]): MeasureClaimRow[] {
  const named = ({ label, trainingPersons }: ErrorSources) => `${label}, ${trainingPersons} persons`;
  const resampled = sources.flatMap((one): MeasureClaimRow[] => {
    const { training, fresh } = one;
    if (fresh === undefined || training === undefined) return [];
    const ratio = training.error / fresh.error;
    const error = Math.hypot(relativeError(training.of), relativeError(fresh.of)); // of ln ratio
    const beyond = standingOf({ value: Math.log(ratio), standardError: error }) !== "within";
    return [
      {
        claim: `Resamples give the standard error of fresh training sets, as a ratio: ${named(one)}`,
        published: "not at hand",
        ours: ratio,
        "standard error": ratio * error,
        oracle: 1,
        verdict: beyond
          ? `does not hold: too ${ratio < 1 ? "small" : "large"}, beyond its error`
          : "not contradicted beyond its error",
      },
    ];
  });
  const smaller = sources.flatMap((one): MeasureClaimRow[] => {
    const { test, training } = one;
    if (training === undefined) return [];
    return [
      judgeMeasure({
        claim: `Training persons matter less than test persons, by standard error: ${named(one)}`,
        ours: test.error - training.error,
        error: Math.hypot(test.error * relativeError(test.of), training.error * relativeError(training.of)),
      }),
    ];
  });
  return [...resampled, ...smaller];
}

/** Standard error of the logarithm of a standard deviation over so many draws (normal theory). */
function relativeError(draws: number): number {
  return 1 / Math.sqrt(2 * (draws - 1));
}
