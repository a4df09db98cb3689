// What the law of careers takes from no data: NLSY97 cannot tell it, or the experiments want it so.
/** Log attraction that a group gains in a decade. */
export const trend = {
  "Professional specialty occupations": 0.08,
  "Technicians and related support occupations": 0.08,
  "Management related occupations": 0.08,
  "Executive, administrative and managerial occupations": 0.05,
  "Administrative support occupations": -0.1,
  "Health service occupations": 0.15,
  "Food preparation and service occupations": 0.08,
  "Miscellaneous personal care and service occupations": 0.1,
  "Precision production occupations": -0.12,
  "Machine operators, assemblers and inspectors": -0.25,
  "Farm operators and managers": -0.3,
  "Other agricultural and related occupations": -0.15,
  "Extractive occupations": -0.1,
  Military: -0.1,
};
/** Log attraction that a group gains with a point of the unemployment rate. */
export const cycle = {
  "Construction trades": -0.05,
  "Machine operators, assemblers and inspectors": -0.03,
  "Financial sales and related occupations": -0.03,
  "Health service occupations": 0.02,
  "Professional specialty occupations": 0.01,
};
/**
 * Nearness in words. Moves of the real cohort would give about 9 (13.6 % go to a neighbour in words); the law is
 * made to have words that matter, so that experiments of a few hundred persons can tell.
 */
export const WORDS = 60;
/** Share of those without work who look for it, by age band. */
export const seeking = { female: [0.5, 0.5, 0.5, 0.45, 0.4, 0.35, 0.33, 0.33], male: [0.6, 0.6, 0.6, 0.58, 0.55, 0.5, 0.48, 0.45] };
/** How much more often than the average of both those find work who look for it, and those who do not. */
export const findsWork = [1.3, 0.75];
/** Types of persons, settled and restless: shares, logit of staying in a job, log of leaving work. */
export const settled = [0.55, 0.45];
export const mobilityStay = [0.45, -0.55];
export const mobilityLeave = [-0.3, 0.35];
/** Log attraction of the occupations of a person's own vocation. */
export const VOCATION = 2;
/** Nobody holds a licensed profession without college: far below what the survey's coding errors show. */
export const SCHOOLED_ONLY = -7;

/** Ages beyond the band `oldest`: as in it, then a retirement. */
export function ageBeyond(coefficients, oldest) {
  const retires = { 8: [1.3, 0.9], 9: [4, 0.5], 10: [14, 0.2] };
  for (const [band, [leaves, returns]] of Object.entries(retires)) {
    for (let g = 0; g < 2; g++) {
      for (let s = 0; s < 4; s++) {
        const row = [...coefficients.kind.next[s][oldest][g]];
        if (s === 2) row[0] *= returns;
        else row[2] *= leaves;
        row[3] *= 0.2;
        coefficients.kind.next[s][band][g] = row;
      }
      const first = [...coefficients.first.kind[oldest][g]];
      first[2] *= leaves;
      first[3] *= 0.2;
      coefficients.first.kind[band][g] = first;
      coefficients.stay.age[band][g] = coefficients.stay.age[oldest][g];
    }
    for (let e = 0; e < 4; e++) for (const school of [0, 1]) coefficients.rise.level[e][school][band] = Math.min(-5, coefficients.rise.level[e][school][oldest]);
  }
}
