import { type Career, educationLevels } from "../../careers";
import { UserError } from "../../errors";
import { emptyDistribution, type OccupationModel } from "../../predictions";
import { quote } from "../../quote";
import type { CareerLaw } from "./career-law";
import { Filter } from "./filter";
import { type CovariateShares, hypothesesOf } from "./hypotheses";
import { YearlyStep } from "./yearly-step";

/** The model that knows the law: no other can have a lower expected perplexity on the law's careers. */
export interface Oracle extends OccupationModel {
  readonly law: CareerLaw;
  /**
   * The distribution of the title (J) and of education and title together (5, J) so many years after a career's last
   * observation, all years between unobserved. The sum over education gives the title.
   */
  predictAhead(career: Career, years: number): { title: Float64Array; joint: Float64Array };
}

/** Missing covariates take these values where a survey's own shares are not given. */
const evenShares: CovariateShares = {
  gender: { female: 0.5, male: 0.5 },
  ethnicity: { white: 1 / 3, black: 1 / 3, hispanic: 1 / 3 },
  region: { northeast: 0.25, "north central": 0.25, south: 0.25, west: 0.25 },
};

/**
 * The law as an occupation model: exact probabilities of every title in each observed year, given covariates, years,
 * titles and education observed before and the education of the year (see `Filter`).
 * @param design the survey: its shares of covariates stand in for missing ones, and nobody is interviewed beyond
 * its `lastAge`, but for the first time, which tells of a missing birth year
 * @throws UserError in `predict` where a career is none that the law can bring about: an unknown covariate value,
 * education worded otherwise, missing, falling, or rising more than a level a year
 */
export function oracle(
  law: CareerLaw,
  design: { covariates?: CovariateShares; lastAge?: number } = {},
): Oracle {
  const shares = design.covariates ?? evenShares;
  const step = new YearlyStep(law);
  const follow = (career: Career, visit: (row: Float64Array, total: number) => void): Filter => {
    const who = `person ${career.person}`;
    const { observations } = career;
    const hypotheses = hypothesesOf(career.covariates, shares, observations[0].year, who);
    // Interviews tell nothing of a birth year that is known.
    const lastAge = career.covariates.birthYear === undefined ? design.lastAge : undefined;
    const filter = new Filter(law, step, hypotheses, shares.firstEducation, lastAge);
    const row = new Float64Array(law.titles.size);
    for (const { year, title, education } of observations) {
      const total = filter.predict(year, levelOf(education, `${who}, year ${year}`), row);
      if (!filter.isPossible) {
        throw new UserError(
          `${who}, year ${year}: everybody who can be first seen in ${observations[0].year} is above ${lastAge} by now`,
          "Evaluate careers with the survey that they were drawn from, or give the birth year.",
        );
      }
      if (!(total > 0)) {
        throw new UserError(
          `${who}, year ${year}: the law cannot bring about the education ${quote(education ?? "(missing)")} in this year`,
          "Education rises by at most one level a year and never falls.",
        );
      }
      const slot = law.slotOf[law.titles.indexOf(title)];
      if (row[slot] === 0) {
        throw new UserError(
          `${who}, year ${year}: the law holds ${quote(title)} impossible here`,
          "Evaluate careers with the law that they were drawn from.",
        );
      }
      visit(row, total);
      filter.observe(slot);
    }
    return filter;
  };
  return {
    name: "oracle",
    law,
    async predict(careers, { onProgress } = {}) {
      const distribution = emptyDistribution(careers, law.titles);
      const { logProbability } = distribution;
      const columns = law.titles.size;
      const rows = distribution.observed.length;
      let n = 0;
      for (const career of careers) {
        follow(career, (row, total) => {
          for (let slot = 0; slot < columns; slot++) {
            logProbability[n * columns + law.columnOf[slot]] = Math.log(row[slot] / total);
          }
          n++;
        });
        onProgress?.(n, rows);
      }
      return distribution;
    },
    predictAhead(career, years) {
      if (!(Number.isInteger(years) && years > 0)) {
        throw new UserError(`${years} years ahead`, "Give a whole number of years, 1 or more.");
      }
      const bySlot = follow(career, () => {}).ahead(years);
      const total = bySlot.reduce((a, b) => a + b, 0);
      const columns = law.titles.size;
      const joint = new Float64Array(bySlot.length);
      const title = new Float64Array(columns);
      bySlot.forEach((mass, at) => {
        const column = law.columnOf[at % columns];
        joint[at - (at % columns) + column] = mass / total;
        title[column] += mass / total;
      });
      return { title, joint };
    },
  };
}

function levelOf(education: string | undefined, where: string): number {
  const level = (educationLevels as readonly (string | undefined)[]).indexOf(education);
  if (level !== -1) return level;
  throw new UserError(
    `${where}: ${education === undefined ? "the education is missing" : `the law knows no education ${quote(education)}`}`,
    `Its levels are ${educationLevels.join(", ")}.`,
  );
}
