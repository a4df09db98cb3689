import { UserError } from "../../errors";
import {
  allPersonsScored,
  type NamedExperiment,
  type Profile,
  paperMethods,
  type SurveyPlan,
} from "../../experiments";
import {
  type ComparisonOptions,
  clusterRobustDifference,
  type FitsOfMethod,
  meanOverFits,
  onCommonPersons,
  personTotals,
  wholeContrast,
} from "../../metrics";
import { type Evidence, type Finding, judge } from "../../results";
import { allErrorSources, type ErrorFailure, type ErrorPlan, type ErrorSources } from "./audit-errors";
import { asClaim, compareOrder, isPresent, type OrderClaim } from "./claims";
import { type Compared, fitsNamed, onPersons, overPersonsOf } from "./fits-of-claims";
import { type Measure, type MeasuredFits, measureFits } from "./measured-fits";

/** How often the methods of headline claims are fitted on a survey, the profile's first by default (`Profile.headline`). */
export function headlinePlans(profile: Profile, plan: SurveyPlan = profile.surveys[0]): ErrorPlan[] {
  return paperMethods(profile, allPersonsScored(plan)).flatMap(({ label, experiment }) => {
    const fits = profile.headline[label];
    return fits === undefined ? [] : [{ label, experiment, ...fits }];
  });
}

/** The fits of the methods of headline claims: made, or taken up from where they are cached; what failed is a row that says why. */
export async function headlineFits(
  profile: Profile,
  plan: SurveyPlan = profile.surveys[0],
): Promise<(ErrorSources | ErrorFailure)[]> {
  return allErrorSources(headlinePlans(profile, plan));
}

/** What a measure comes to under the fits of the methods of headline claims among some rows; what cannot be run is left out. */
export async function headlineMeasures(
  profile: Profile,
  rows: readonly NamedExperiment[],
  measure: Measure,
): Promise<MeasuredFits[]> {
  const found: MeasuredFits[] = [];
  for (const row of rows) {
    const fits = profile.headline[row.label];
    if (fits === undefined) continue;
    try {
      found.push(await measureFits({ ...row, ...fits }, measure));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return found;
}

/**
 * Claims of one survey as `judgeOrders`, but those on two methods of which there are several fits, or none, on the mean over
 * the fits and by the whole error (`wholeContrast`).
 */
export function judgeHeadlines(
  comparison: Compared,
  claims: readonly OrderClaim[],
  fits: readonly (ErrorSources | ErrorFailure)[],
  options: Omit<ComparisonOptions, "reference"> = {},
): Finding[] {
  return claims
    .filter((claim) => isPresent(comparison, claim))
    .map((claim) => {
      const evidence = compareOrder(comparison, claim, options);
      return judge(asClaim(claim), { ...evidence, ...overFits(comparison, claim, fits) });
    });
}

/** The mean over fits of both methods with its errors; nothing where the fits of one are not known. */
function overFits(
  comparison: Compared,
  claim: OrderClaim,
  fits: readonly (ErrorSources | ErrorFailure)[],
): Partial<Evidence> {
  const [lower, higher] = [claim.lower, claim.higher].map((label) => fitsNamed(comparison, fits, label));
  if (lower === undefined || higher === undefined) return {};
  // Who the persons are is known in the comparison: one of the methods may answer for fewer.
  const { scores } = comparison;
  const both = { lower: scores[claim.lower], higher: scores[claim.higher] };
  const rows = onCommonPersons(both).lower;
  const low = onPersons(lower, both.lower, rows);
  const high = onPersons(higher, both.higher, rows);
  const { kind = "all" } = claim;
  const terms = [
    { times: 1, of: claim.higher, fits: high },
    { times: -1, of: claim.lower, fits: low },
  ];
  const whole = wholeContrast(rows, terms, kind);
  const totals = ({ seeds }: FitsOfMethod) => personTotals(rows, meanOverFits(seeds))[kind];
  const { value: difference, standardError } = clusterRobustDifference(totals(high), totals(low));
  return { whole, measured: overPersonsOf(whole), perplexity: { difference, standardError } };
}
