import type { Career } from "../../careers";

/** An education that a person may have in a year, and how probable that is. */
export interface EducationChance {
  education: string | undefined;
  probability: number;
}

/**
 * How education goes on where careers are composed year by year: models are given the education of each year before
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
