import { type ObservedScores, observedScores, type TitleDistribution } from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { numberedTitles } from "../support/careers";

/** A distribution over `titles` numbered titles; the rows' years are counted up. */
export function distributionOf(rows: {
  titles: number;
  person: number[];
  observed: number[];
  previous: number[];
  logProbability: number[];
  validMass?: number[];
}): TitleDistribution {
  return {
    titles: numberedTitles(rows.titles),
    logProbability: Float32Array.from(rows.logProbability),
    validMass: Float32Array.from(rows.validMass ?? rows.person.map(() => 1)),
    observed: Int32Array.from(rows.observed),
    person: Int32Array.from(rows.person),
    year: Int32Array.from(rows.person, (_, n) => 2000 + n),
    previous: Int32Array.from(rows.previous),
  };
}

/**
 * Two models' probabilities of title 1 of 2, which always happens: surprisals of mean 1 and 0.8 with a shared
 * effect of the person, which makes a person's years dependent and the two models alike.
 */
export function dependentModels(
  persons: number,
  seed: number,
): { a: TitleDistribution; b: TitleDistribution } {
  const random = new Random("dependent models", seed);
  const [person, surprisalA, surprisalB]: number[][] = [[], [], []];
  for (let i = 0; i < persons; i++) {
    const effect = random.uniform();
    for (let t = 1 + random.integer(6); t > 0; t--) {
      person.push(i);
      surprisalA.push(effect + random.uniform());
      surprisalB.push(0.8 * effect + 0.8 * random.uniform());
    }
  }
  const make = (surprisal: number[]) =>
    distributionOf({
      titles: 2,
      person,
      observed: person.map(() => 1),
      previous: person.map((p, n) => (n > 0 && person[n - 1] === p ? 1 : -1)),
      logProbability: surprisal.flatMap((s) => [Math.log(-Math.expm1(-s)), -s]),
    });
  return { a: make(surprisalA), b: make(surprisalB) };
}

/** What several models say of the observed titles. */
export function scoresOf<Name extends string>(
  models: Readonly<Record<Name, TitleDistribution>>,
): Record<Name, ObservedScores> {
  const scores = Object.entries<TitleDistribution>(models).map(([name, one]) => [name, observedScores(one)]);
  return Object.fromEntries(scores) as Record<Name, ObservedScores>;
}
