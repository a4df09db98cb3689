import type { Career } from "labor-llm/dist/careers/career";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { Random } from "labor-llm/dist/random";

/** Careers from words, one person a string: "A B B"; "A:college" where the education is given. */
export function careersOf(...persons: string[]): Career[] {
  return persons.map((person, i) => ({
    person: String(i),
    covariates: {},
    observations: person.split(" ").map((word, t) => {
      const [title, education] = word.split(":");
      return education === undefined ? { year: 2000 + t, title } : { year: 2000 + t, title, education };
    }),
  }));
}

/** Careers of `years` years drawn from a first-order Markov law over titles "0" … "J-1". */
export function simulateMarkov(
  first: readonly number[],
  transition: readonly (readonly number[])[],
  { persons, years, seed }: { persons: number; years: number; seed: number },
): Career[] {
  const random = new Random("simulate", seed);
  return Array.from({ length: persons }, (_, i) => {
    let state = random.weighted(first);
    const observations = [{ year: 2000, title: String(state) }];
    for (let t = 1; t < years; t++) {
      state = random.weighted(transition[state]);
      observations.push({ year: 2000 + t, title: String(state) });
    }
    return { person: String(i), covariates: {}, observations };
  });
}

export const numberedTitles = (n: number) => new TitleSet(Array.from({ length: n }, (_, j) => String(j)));
