import type { Career } from "../careers/career";
import { educationLevels } from "../careers/education";
import { UserError } from "../errors";
import type { CareerLaw } from "../law/career-law";
import { hypothesesOf } from "../law/hypotheses";
import { IN_EDUCATION } from "../law/parameters";

/** An education that a person may have in a year, and how probable that is. */
export interface EducationChance {
  education: string | undefined;
  probability: number;
}

/**
 * How education goes on where careers are composed year by year: models are told the education of each year before
 * they predict its title. The law of total probability needs its distribution given what came before.
 */
export type EducationPath = (
  /** The career so far, with the titles and educations of the path. */
  soFar: Career,
  /** The year asked for. */
  year: number,
  /** The career as it was observed, later years and all. */
  career: Career,
) => readonly EducationChance[];

/** Education stays what it is at the last observation. */
export const heldEducation: EducationPath = ({ observations }) => [
  { education: observations[observations.length - 1].education, probability: 1 },
];

/**
 * The education that was observed, that of the latest observation up to the year. Composed predictions are then given
 * later education as direct ones are; they are exact where education tells nothing of the titles before it, for
 * example where it does not change.
 */
export const observedEducation: EducationPath = (_, year, { observations }) => [
  { education: observations.findLast((one) => one.year <= year)?.education, probability: 1 },
];

/** Education as the law raises it: for careers whose covariates are all known. */
export function educationOfLaw(law: CareerLaw): EducationPath {
  const shares = { gender: {}, ethnicity: {}, region: {} };
  return ({ person: who, covariates, observations }, year) => {
    const { title, education, year: before } = observations[observations.length - 1];
    const [hypothesis] = hypothesesOf(covariates, shares, before, `person ${who}`);
    const level = (educationLevels as readonly (string | undefined)[]).indexOf(education);
    if (hypothesis === undefined || level < 0) {
      throw new UserError(
        `person ${who}: the law knows no education without covariates and education`,
        "Give careers with gender, ethnicity, region, birth year and education.",
      );
    }
    const enrolled = law.kindOf(law.slotOf[law.titles.indexOf(title)]) === IN_EDUCATION;
    const rise = law.rise.probability(level, enrolled, hypothesis.person, year);
    return [
      { education, probability: 1 - rise },
      ...(rise > 0 ? [{ education: educationLevels[level + 1], probability: rise }] : []),
    ];
  };
}
