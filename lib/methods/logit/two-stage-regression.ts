import type { TitleSet } from "../../occupations";
import { emptyDistribution, type OccupationModel } from "../../predictions";
import { entryShares, type TrainingCareers } from "../markov";
import { type CareerLogit, checkTerms, fitCareerLogit } from "./career-logit";
import { type LogitTerm, logitTerms } from "./features";
import { type PersonYearHistory, personYearHistories } from "./history";
import { type LogitOptions, sameAsBefore, trainingHistories } from "./multinomial-logit";

export interface TwoStageRegressionModel extends OccupationModel {
  /** Whether the previous title goes on: classes "move" and "stay". */
  readonly stay: CareerLogit;
  /** Which other title, after a move. */
  readonly move: CareerLogit;
  /** Which title first. */
  readonly first: CareerLogit;
}

/** Classes of the logit of staying. */
export const stayClasses: readonly string[] = ["move", "stay"];

/** Nobody moves to the title that they have. */
export const moveExcludes = sameAsBefore;

/** What can matter before there is a previous title. */
const firstTerms: readonly LogitTerm[] = ["education", "gender", "ethnicity", "region", "year", "age"];

/**
 * The *regression* of CAREER (Vafa et al. 2024, section 4 and code): a logit of staying, and a multinomial logit of
 * the other titles, P(previous) = p_stay, P(y) = (1 - p_stay) q(y), each on the last two titles, observations in the
 * current title and in all, effects of year, education, ethnicity, gender and region, and dummies for a gap in the
 * years and a change of education; here age and its square too, for the birth year that the language models read.
 * First titles have a multinomial logit of their own. Penalties draw to the pooled shares (`entryShares`). The three likelihoods share no weight: each is fitted by itself
 * with a penalty of its own. Unlike the code, logits are not clamped.
 * @throws UserError if there is nothing to fit, an option is out of range, or a title is not of the set
 */
export async function fitTwoStageRegression(
  train: TrainingCareers,
  options: Omit<LogitOptions, "sameTitle"> = {},
): Promise<TwoStageRegressionModel> {
  const { validation = [], terms = logitTerms, name = "Two-stage regression", ...ridge } = options;
  const { titles } = train;
  checkTerms(terms);
  const rows = trainingHistories(train);
  const held = personYearHistories(validation, titles);
  const entered = entryShares(train, validation);
  const later = rows.filter(isLater);
  const stays = (later.filter(isStay).length + 1) / (later.length + 2);
  const fit = (
    of: (rows: readonly PersonYearHistory[]) => PersonYearHistory[],
    outcome: Omit<Parameters<typeof fitCareerLogit>[0], "shares">,
    own: readonly LogitTerm[],
    shares: Float64Array,
  ) => fitCareerLogit({ ...outcome, shares }, of(rows), of(held), { ...ridge, terms: own, titles });

  const stay = await fit(
    (all) => all.filter(isLater),
    { classes: stayClasses, of: (row) => Number(isStay(row)) },
    terms,
    Float64Array.of(1 - stays, stays),
  );
  const move = await fit(
    (all) => all.filter((row) => isLater(row) && !isStay(row)),
    { classes: titles.titles, of: ({ title }) => title, excluded: moveExcludes },
    terms,
    entered.move,
  );
  const first = await fit(
    (all) => all.filter((row) => !isLater(row)),
    { classes: titles.titles, of: ({ title }) => title },
    terms.filter((term) => firstTerms.includes(term)),
    entered.first,
  );

  return twoStageModel(name, { stay, move, first }, titles);
}

/** The model of three fitted logits: of staying, of the title after a move, and of the first title. */
export function twoStageModel(
  name: string,
  { stay, move, first }: Pick<TwoStageRegressionModel, "stay" | "move" | "first">,
  titles: TitleSet,
): TwoStageRegressionModel {
  const J = titles.size;
  return {
    name,
    stay,
    move,
    first,
    async predict(careers, { onProgress } = {}) {
      const distribution = emptyDistribution(careers, titles);
      const { logProbability } = distribution;
      const histories = personYearHistories(careers, titles);
      const at = {
        first: indicesOf(histories, (row) => !isLater(row)),
        later: indicesOf(histories, isLater),
      };
      const rowsAt = (indices: readonly number[]) => indices.map((n) => histories[n]);
      first.each(rowsAt(at.first), (i, logP) => logProbability.set(logP, at.first[i] * J));
      move.each(rowsAt(at.later), (i, logP) => logProbability.set(logP, at.later[i] * J));
      stay.each(rowsAt(at.later), (i, [logMove, logStay]) => {
        const n = at.later[i];
        for (let j = n * J; j < (n + 1) * J; j++) logProbability[j] += logMove;
        logProbability[n * J + histories[n].previous] = logStay;
      });
      onProgress?.(histories.length, histories.length);
      return distribution;
    },
  };
}

const isLater = ({ previous }: PersonYearHistory) => previous >= 0;
const isStay = ({ previous, title }: PersonYearHistory) => previous === title;

function indicesOf(rows: readonly PersonYearHistory[], keep: (row: PersonYearHistory) => boolean): number[] {
  return rows.flatMap((row, n) => (keep(row) ? [n] : []));
}
