import type { Career } from "../../../careers";
import { UserError } from "../../../errors";
import { Random } from "../../../random";

/** How example careers are chosen: like the person by covariates, or the same at random for all. */
export type ExampleChoice = "similar" | "random";

/**
 * Chooses example careers for a person, never the person's own. Similar: most covariates of gender, ethnicity and
 * region in common, then the nearest birth year, then an order drawn with the seed.
 */
export class ExampleCareers {
  /** Those that may be shown, in an order drawn with the seed. */
  readonly careers: readonly Career[];
  private readonly chosen = new Map<string, readonly Career[]>();

  /**
   * @param seed "drawn": the careers are `careers` of examples chosen before
   * @throws UserError where there are fewer careers than examples and the person's own
   */
  constructor(
    careers: readonly Career[],
    private readonly k: number,
    private readonly choose: ExampleChoice,
    seed: number | "drawn",
  ) {
    if (!Number.isInteger(k) || k < 0) {
      throw new UserError(`k is ${k}, no number of example careers`, "Give 0 or more.");
    }
    if (choose !== "similar" && choose !== "random") {
      throw new UserError(`examples chosen ${JSON.stringify(choose)}`, 'Take "similar" or "random".');
    }
    if (k > 0 && careers.length < k + 1) {
      throw new UserError(
        `${k} example careers are asked for, and ${careers.length} are there`,
        "Give one more than examples: a person's own career is none.",
      );
    }
    const drawn = seed === "drawn" ? careers : shuffled(careers, seed);
    this.careers = k === 0 ? [] : choose === "random" ? drawn.slice(0, k + 1) : drawn;
  }

  /** The k examples for a person, the most fitting first. */
  of(career: Career): readonly Career[] {
    if (this.k === 0) return [];
    const others = ({ person }: Career) => person !== career.person;
    if (this.choose === "random") return this.careers.filter(others).slice(0, this.k);
    const { gender, ethnicity, region, birthYear } = career.covariates;
    const key = JSON.stringify([gender, ethnicity, region, birthYear]);
    let ranked = this.chosen.get(key);
    if (ranked === undefined) {
      const distances = new Map(this.careers.map((other) => [other, distance(career, other)]));
      ranked = [...this.careers].sort((a, b) => distances.get(a)! - distances.get(b)!).slice(0, this.k + 1);
      this.chosen.set(key, ranked);
    }
    return ranked.filter(others).slice(0, this.k);
  }
}

function shuffled(careers: readonly Career[], seed: number): Career[] {
  const order = new Random("in-context examples", seed).permutation(careers.length);
  return Array.from(order, (i) => careers[i]);
}

/** Covariates that differ count a thousand years of birth each; one that is missing differs from any other. */
function distance({ covariates: a }: Career, { covariates: b }: Career): number {
  const differing = (["gender", "ethnicity", "region"] as const).filter((name) => a[name] !== b[name]).length;
  if (a.birthYear === undefined && b.birthYear === undefined) return 1000 * differing;
  const years =
    a.birthYear === undefined || b.birthYear === undefined ? 500 : Math.abs(a.birthYear - b.birthYear);
  return 1000 * differing + Math.min(years, 500);
}
