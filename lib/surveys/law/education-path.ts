import { educationLevels } from "../../careers";
import { UserError } from "../../errors";
import type { EducationPath } from "../../predictions";
import type { CareerLaw } from "./career-law";
import { hypothesesOf } from "./hypotheses";
import { IN_EDUCATION } from "./parameters";

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
