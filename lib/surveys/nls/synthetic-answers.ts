import type { Random } from "../../random";
import type { SyntheticRound } from "./synthetic-careers";
import type { Concept } from "./variables";

/** The answers of a synthetic person in a round, by concept and number of the job or week. */
export type Answers = (concept: Concept, item?: number) => number;

/** What an answer in a round is made from. */
export interface RoundFacts {
  round: SyntheticRound;
  /** 1 for the survey's first round. */
  number: number;
  /** The year's title in the codes of the round; absent outside work. */
  code?: number;
  /** The same in the codes of 1980. */
  code1980?: number;
  /** Code of another job, which the main job must hide. */
  otherCode: number;
  region: number;
  random: Random;
}

const [validSkip, invalidSkip, nonInterview] = [-4, -3, -5];
const weeksOfYear = 52;

/** The answers of the NLSY79, as that survey codes them. */
export function answers79(facts: RoundFacts): Answers {
  const { round, number, code, code1980, otherCode, random } = facts;
  const { year, level, state } = round;
  if (!round.interviewed) return missedRound;
  // Up to 1993 the main job's own number has no occupation; in 1979 and 1993 it has no check either.
  const main = year >= 1994 || year === 1979 || year === 1993 ? 1 : 1 + random.integer(3);
  const second = random.uniform() < 0.3 ? otherCode : validSkip;
  const stale = state === "unemployed" && random.uniform() < 0.3 ? otherCode : validSkip;
  const works = state === "work";
  const weeks = weeksWith(weekCode(state, number * 100 + main), [4, 5], random);
  const shared = sharedAnswers(facts);
  return (concept, item = 0) => {
    switch (concept) {
      case "enrolment":
        return state === "school" ? (level === 0 ? 2 : 3) : level === 0 ? 1 : 4;
      case "grade":
        return [10, 12, 14, 16, 18][level];
      case "degree":
        return [validSkip, 1, 2, 4, 5][level];
      case "status":
        return { work: 1, uncoded: 1, unemployed: 2, out: 3, school: 3 }[state];
      case "main_occupation":
        return works ? (code as number) : state === "uncoded" ? invalidSkip : stale;
      case "main_occupation_1980":
        return works ? (code1980 ?? validSkip) : validSkip;
      case "occupation":
        if (!works) return validSkip;
        if (item === main) return year >= 1994 ? (code as number) : validSkip;
        return item === main + 1 ? second : validSkip;
      case "is_main":
        return works && item === main ? 1 : 0;
      case "week":
        return weeks[item % weeksOfYear];
      default:
        return shared(concept);
    }
  };
}

/** The answers of the NLSY97. */
export function answers97(facts: RoundFacts): Answers {
  const { round, code, otherCode, random } = facts;
  const { level, state } = round;
  if (!round.interviewed) return missedRound;
  const main = 1 + random.integer(3);
  const works = state === "work";
  const weeks = weeksWith(weekCode(state, 9700 + main), [4, 5], random);
  const shared = sharedAnswers(facts);
  return (concept, item = 0) => {
    switch (concept) {
      case "enrolment":
        return state === "school" ? [8, 8, 10, 11, 11][level] : [1, 3, 4, 6, 7][level];
      case "grade":
        return [10, 12, 14, 16, 18][level];
      case "degree":
        return [0, 2, 3, 4, 5][level];
      case "main_job":
        return works || state === "uncoded" ? main : validSkip;
      case "occupation":
        if (!works || item > 3) return validSkip;
        return item === main ? (code as number) : otherCode;
      case "week":
        return weeks[item % weeksOfYear];
      default:
        return shared(concept);
    }
  };
}

function missedRound(concept: Concept): number {
  if (concept === "non_interview") return 61;
  return concept === "week" ? 0 : nonInterview;
}

/** Answers that both surveys code alike. */
function sharedAnswers({ round, region }: RoundFacts): Answers {
  const weight = Math.round((round.observation?.weight ?? 1000) * 100);
  return (concept) => {
    if (concept === "region") return region;
    if (concept === "weight") return weight;
    if (concept === "interview_year") return round.year;
    return validSkip;
  };
}

function weekCode(state: SyntheticRound["state"], employer: number): number {
  if (state === "work" || state === "uncoded") return employer;
  return state === "unemployed" ? 4 : 5;
}

/** 52 weeks, 30 and more of one code, the rest of the others. */
function weeksWith(code: number, others: readonly number[], random: Random): Int32Array {
  const own = 30 + random.integer(weeksOfYear - 30 + 1);
  return Int32Array.from({ length: weeksOfYear }, (_, week) => (week < own ? code : random.choice(others)));
}
