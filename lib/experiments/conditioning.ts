import type { Career } from "../careers";
import { UserError } from "../errors";
import {
  copyAnswers,
  lastRows,
  type ObservedScores,
  type OccupationModel,
  type PersonYearRows,
  type PredictOptions,
  roomFor,
  scoreObserved,
  selectRows,
  type TitleDistribution,
} from "../predictions";
import { Random } from "../random";
import type { TextCovariate } from "../text";

/** What a model is given of the test persons, where it is not all. */
export interface Conditioning {
  /** So many of the last observations before each year that is asked for. Default: all. */
  history?: number;
  /** Covariates that each person has from another test person, drawn at random: worth nothing, and common as before. */
  permuted?: readonly TextCovariate[];
}

/**
 * A model's answers where it is given less: one row for each person-year as ever, with the titles that happened.
 * @param seed of the permutation
 * @throws UserError for a history that is none
 */
export async function predictGiven(
  model: OccupationModel,
  careers: readonly Career[],
  conditioning: Conditioning,
  seed: number,
  options: PredictOptions = {},
): Promise<TitleDistribution> {
  const all = (some: readonly Career[]) => model.predict(some, options);
  const last =
    model.predictLast === undefined
      ? undefined
      : (some: readonly Career[]) => model.predictLast!(some, options);
  return answersGiven({ all, last }, careers, conditioning, seed);
}

/** As `predictGiven`, of the observed titles only. */
export async function scoreGiven(
  model: OccupationModel,
  careers: readonly Career[],
  conditioning: Conditioning,
  seed: number,
  options: PredictOptions = {},
): Promise<ObservedScores> {
  return answersGiven({ all: (some) => scoreObserved(model, some, options) }, careers, conditioning, seed);
}

/** How a model answers for all person-years of some careers and, where that costs less, for the last of each. */
interface Asking<Answers> {
  all: (careers: readonly Career[]) => Promise<Answers>;
  last?: (careers: readonly Career[]) => Promise<Answers>;
}

async function answersGiven<Answers extends PersonYearRows>(
  asking: Asking<Answers>,
  careers: readonly Career[],
  { history, permuted = [] }: Conditioning,
  seed: number,
): Promise<Answers> {
  const given = permuted.length === 0 ? careers : permuteCovariates(careers, permuted, seed);
  return history === undefined ? asking.all(given) : answersFromLast(asking, given, history);
}

/**
 * Answers from the last so many observations before each person-year, as if the career had begun with them. Where all
 * that happened is within them, the model reads the career as it is.
 */
async function answersFromLast<Answers extends PersonYearRows>(
  { all, last = async (some) => lastRows(await all(some)) }: Asking<Answers>,
  careers: readonly Career[],
  history: number,
): Promise<Answers> {
  if (!(Number.isInteger(history) && history >= 0)) {
    throw new UserError(`a history of ${history} observations`, "Give a whole number, 0 or more.");
  }
  const short = careers.map((career) => ({
    ...career,
    observations: career.observations.slice(0, history + 1),
  }));
  const cut = careers.flatMap((career) =>
    career.observations.slice(history + 1).map((_, i) => ({
      ...career,
      observations: career.observations.slice(i + 1, i + history + 2),
    })),
  );
  const begun = await all(short);
  const later = cut.length === 0 ? begun : await last(cut);
  const whole = roomFor(careers, begun);
  const next = { begun: 0, later: 0 };
  let n = 0;
  for (const { observations } of careers) {
    for (let i = 0; i < observations.length; i++, n++) {
      if (i <= history) copyAnswers(begun, next.begun++, whole, n);
      else copyAnswers(later, next.later++, whole, n);
    }
  }
  return whole;
}

/** The person-years before which so many observations were made, or more: where a shorter history is less. */
export function rowsWithHistory<Answers extends PersonYearRows>(answers: Answers, least: number): Answers {
  const { person } = answers;
  let before = 0;
  return selectRows(answers, (n) => {
    before = n > 0 && person[n] === person[n - 1] ? before + 1 : 0;
    return before >= least;
  });
}

/**
 * Gives each person the covariates of another: those named together from the same one, so that they stay as they go
 * together. Education is the other's in the year nearest to each of the person's own.
 * @param seed of the draw of others
 * @throws UserError for one person alone
 */
export function permuteCovariates(
  careers: readonly Career[],
  names: readonly TextCovariate[],
  seed: number,
): Career[] {
  if (careers.length < 2) throw new UserError("one person has no other", "Give two careers or more.");
  // Each takes those of the next in a drawn round: nobody keeps the own.
  const round = new Random("permuted covariates", seed).permutation(careers.length);
  const next = new Map(Array.from(round, (i, at) => [i, round[(at + 1) % round.length]]));
  return careers.map((career, i) => {
    const other = careers[next.get(i)!];
    const covariates: Record<string, string | number | undefined> = { ...career.covariates };
    for (const name of names) if (name !== "education") covariates[name] = other.covariates[name as "gender"];
    if (!names.includes("education")) return { ...career, covariates };
    const observations = career.observations.map((one) => ({
      ...one,
      education: nearest(other, one.year).education,
    }));
    return { ...career, covariates, observations };
  });
}

function nearest({ observations }: Career, year: number) {
  return observations.reduce((best, one) =>
    Math.abs(one.year - year) < Math.abs(best.year - year) ? one : best,
  );
}

/** Careers of persons of whom some covariates that do not change are not known: the law sums over what they may be. */
export function hideCovariates(
  careers: readonly Career[],
  names: readonly Exclude<TextCovariate, "education">[],
): Career[] {
  return careers.map((career) => {
    const covariates = { ...career.covariates };
    for (const name of names) delete covariates[name];
    return { ...career, covariates };
  });
}
