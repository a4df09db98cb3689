import { type Finding, judge } from "../results";
import type { ErrorSources } from "./audit-errors";
import { judgeRerun, type Rerun } from "./audit-rerun";

/** That fits anew are those that are cached; ours is the largest difference of ln P, nats. */
export function rerunClaims(survey: string, reruns: readonly Rerun[], tolerance: number): Finding[] {
  return reruns.map((one) => {
    const words = judgeRerun(one, tolerance);
    return judge(
      {
        says: `A second fit predicts the same: ${one.label}`,
        expects: { is: "at most", bound: tolerance },
        sides: { above: words, below: words },
      },
      {
        ...{ survey, measure: "largest difference of ln P", over: "nothing: it is the same fit" },
        measured: { value: one.largest, standardError: 0 },
      },
    );
  });
}

/**
 * Where errors come from: of fits that have fresh training sets, that resamples give the standard error that fresh sets have
 * (ours is ln of the ratio); of all, that training persons matter less than test persons (ours is the difference of the
 * standard errors, nats). Both are over the fits.
 */
export function errorClaims(sources: readonly ErrorSources[]): Finding[] {
  const named = ({ label, trainingPersons }: ErrorSources) => `${label}, ${trainingPersons} persons`;
  const resampled = sources.flatMap((one): Finding[] => {
    const { survey, training, fresh } = one;
    if (fresh === undefined || training === undefined) return [];
    return [
      judge(
        {
          says: `Resamples give the standard error of fresh training sets: ${named(one)}`,
          expects: { is: "equal", to: 0 },
          sides: { above: "too large, beyond its error", below: "too small, beyond its error" },
        },
        {
          ...{ survey, measure: "log ratio of standard errors", oracle: 0 },
          measured: {
            value: Math.log(training.error / fresh.error),
            standardError: Math.hypot(relativeError(training.of), relativeError(fresh.of)),
          },
          over: `${training.of} resamples, ${fresh.of} fresh training sets`,
        },
      ),
    ];
  });
  const smaller = sources.flatMap((one): Finding[] => {
    const { survey, test, training } = one;
    if (training === undefined) return [];
    return [
      judge(
        {
          says: `Training persons matter less than test persons, by standard error: ${named(one)}`,
          expects: { is: "above", bound: 0 },
        },
        {
          ...{ survey, measure: "standard error difference" },
          measured: {
            value: test.error - training.error,
            standardError: Math.hypot(
              test.error * relativeError(test.of),
              training.error * relativeError(training.of),
            ),
          },
          over: `${test.of} persons, ${training.of} training samples`,
        },
      ),
    ];
  });
  return [...resampled, ...smaller];
}

/** Standard error of the logarithm of a standard deviation over so many draws (normal theory). */
function relativeError(draws: number): number {
  return 1 / Math.sqrt(2 * (draws - 1));
}
