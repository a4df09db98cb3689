import { strict as assert } from "node:assert";
import { ORACLE } from "labor-llm/dist/experiments/compare-methods";
import {
  type FitsOfMethod,
  type Subgroup,
  surprisal,
  type TitleEvent,
  titleEvents,
  type ValuesOfFits,
} from "labor-llm/dist/metrics";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import type { TitleDistribution } from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { type Evidence, type Finding, judge, publishedFinding, verdictOf } from "labor-llm/dist/results";
import type { Expectation } from "labor-llm/dist/results/claim";
import type { ErrorSources } from "labor-llm/dist/studies/evidence/audit-errors";
import type { MeasuredFits } from "labor-llm/dist/studies/evidence/measured-fits";
import { type ClaimedOptions, judgeGroups, measureGroups } from "labor-llm/dist/studies/group-claims";
import { areasOf, judgeEvents, measureEvents } from "labor-llm/dist/studies/moves-and-states";
import { scoresOf } from "../metrics/distributions";

/** Careers of eight years over work and unemployment; a model's logits are the truth's, times `weight`, in group 1. */
function world(persons: number) {
  const titles = new TitleSet(["Cooks", "Unemployed"]);
  const random = new Random("world", 1);
  const [person, observed, previous, logit]: number[][] = [[], [], [], []];
  for (let i = 0; i < persons; i++) {
    const trait = random.normal();
    for (let t = 0, state = -1; t < 8; t++) {
      const z = 1.5 * trait + (state === 1 ? 1 : -1) + 0.5 * random.normal();
      person.push(i);
      previous.push(state);
      state = Number(random.uniform() < 1 / (1 + Math.exp(-z)));
      observed.push(state);
      logit.push(z);
    }
  }
  const model = (weight: (n: number) => number): TitleDistribution => {
    const p = logit.map((z, n) => 1 / (1 + Math.exp(-z * weight(n))));
    return {
      titles,
      logProbability: Float32Array.from(p.flatMap((q) => [Math.log(1 - q), Math.log(q)])),
      validMass: new Float32Array(p.length).fill(1),
      observed: Int32Array.from(observed),
      previous: Int32Array.from(previous),
      person: Int32Array.from(person),
      year: Int32Array.from(p, (_, n) => 2000 + (n % 8)),
    };
  };
  const rows = (group: number) => Int32Array.from(person.keys()).filter((n) => person[n] % 2 === group);
  const groups: Subgroup[] = ["even", "odd"].map((name, g) => ({
    name,
    of: "x",
    persons: persons / 2,
    rows: rows(g),
  }));
  return { model, groups, person };
}

describe("claims on measures", () => {
  const { model, groups, person } = world(300);
  const distributions = {
    [ORACLE]: model(() => 1),
    // Useless for odd persons.
    Unfair: model((n) => (person[n] % 2 === 0 ? 1 : -0.5)),
    Reversed: model(() => -1),
  };
  const scores = scoresOf(distributions);
  const comparison = { survey: "world", scores, distributions };
  const options = { replications: 300, seed: 1 };
  /** Claims on events that were measured, with further fits. */
  const onEvents = (
    model: string,
    others: string[],
    events: readonly TitleEvent[],
    fits: MeasuredFits[] = [],
  ) => judgeEvents({ ...measureEvents(comparison, events, { ...options, model }), fits }, { model, others });
  /** Claims on groups that were measured. */
  const onGroups = (model: string, others: string[], more: Partial<ClaimedOptions> = {}) => {
    const measured = measureGroups(comparison, groups, { ...options, draws: 50, ...more, model });
    return judgeGroups({ ...measured, distancesOfFits: [] }, { model, others });
  };
  const outcomes = (findings: Finding[]) =>
    Object.fromEntries(
      findings.map(({ claim, outcome }) => [claim.says.split(":").slice(0, -1).join(":"), outcome]),
    );

  it("are decided by the interval, and not decided within it", () => {
    const published = publishedFinding("2", "A");
    const judged = (
      value: number,
      standardError: number,
      {
        expects = { is: "above", bound: 0 } as Expectation,
        ...more
      }: Partial<Evidence> & {
        expects?: Expectation;
        published?: typeof published;
        beside?: typeof published;
        persons?: number;
        interval?: [number, number];
      } = {},
    ) => {
      const { published: same, beside, persons, interval, ...evidence } = more;
      return verdictOf(
        judge(
          { says: "c", expects, published: same, beside },
          {
            ...{ survey: "s", measure: "log-loss difference", over: "9 persons", ...evidence },
            measured: { value, standardError, persons, interval },
          },
        ),
      );
    };
    assert.equal(judged(1, 0.1), "supported, beyond its error");
    assert.equal(judged(1, 0.1, { over: undefined }), "supported for this fit, beyond its error");
    assert.equal(judged(1, 0.1, { published }), "replicates in sign");
    assert.equal(judged(1, 0.1, { published, over: undefined }), "supported for this fit, beyond its error");
    assert.equal(judged(1, 0.6), "no difference beyond its error");
    assert.equal(judged(-1, 0.1), "not supported: the order is reversed");
    assert.equal(judged(-1, 0.1, { published }), "contradicts the paper: the order is reversed");
    assert.equal(
      judged(0.6, 0.1, { expects: { is: "above", bound: 0.5 } }),
      "no difference beyond its error",
    );
    // Beyond the error and beyond the interval: one of them is not enough.
    assert.equal(judged(1, 0.6, { interval: [0.2, 2] }), "no difference beyond its error");
    assert.equal(judged(1, 0.1, { interval: [-0.2, 2] }), "no difference beyond its error");
    // What is published of something else is quoted and replicates nothing.
    assert.equal(judged(1, 0.1, { beside: published }), "supported, beyond its error");
    // Few persons have wider tails: 2.1 standard errors are beyond those of many, not of ten.
    assert.equal(judged(2.1, 1), "supported, beyond its error");
    assert.equal(judged(2.1, 1, { persons: 10 }), "no difference beyond its error");
    // Not to be contradicted shows nothing.
    const atMost = { expects: { is: "at most", bound: 0 } as Expectation };
    assert.equal(judged(-1, 0.1, atMost), "not contradicted beyond its error");
    assert.equal(judged(0.1, 0.1, atMost), "not contradicted beyond its error");
    assert.equal(judged(1, 0.1, atMost), "not supported, beyond its error");
    assert.equal(
      judged(1, 0.1, { ...atMost, among: { p: 0.2, of: 3, what: "events" } }),
      "not contradicted beyond its error (p adjusted for 3 events 0.200)",
    );
    // But an exact number is or is not.
    assert.equal(judged(0, 0, atMost), "supported: exactly");
    assert.match(judged(1e-9, 0, atMost), /^not supported/);
    const equal = { expects: { is: "equal", to: 1 } as Expectation };
    assert.equal(judged(1.1, 0.1, equal), "not contradicted beyond its error");
    assert.equal(judged(2, 0.1, equal), "not supported, beyond its error");
    const within = { expects: { is: "within", of: 0.9, margin: 0.05 } as Expectation };
    assert.equal(judged(0.91, 0.01, { ...within, published }), "replicates within 0.05 nats");
    assert.equal(judged(0.5, 0.01, { ...within, published }), "contradicts the paper: lower than published");
    assert.equal(judged(0.5, 0.01, { ...within, beside: published }), "not supported: lower than published");
    assert.match(judged(0.91, 0.1, { ...within, published }), /^undecided/);
    const open = { expects: { is: "either side", of: 0 } as Expectation };
    assert.equal(judged(0.05, 0.1, open), "no difference beyond its error");
    assert.equal(judged(-1, 0.1, open), "below 0");
    assert.match(judged(NaN, NaN), /^not known/);
  });

  it("on events find the oracle true and unbeaten, and a reversed model worse than chance", () => {
    const events = titleEvents(distributions.Unfair.titles);
    const found = outcomes(onEvents("Reversed", ["Unfair", "absent"], events));
    for (const event of ["move", "unemployed"]) {
      assert.equal(found[`Reversed ranks ${event} better than Unfair`], "not supported");
      assert.equal(found[`The probabilities of ${event} are true, Reversed`], "not supported");
      assert.equal(found[`The probabilities of ${event} are true, ${ORACLE}`], "not contradicted");
      assert.equal(found[`No model ranks ${event} better than the oracle`], "not contradicted");
    }
    assert.equal(found["Reversed ranks unemployed better than chance"], "not supported");
    assert.ok(!Object.keys(found).some((claim) => claim.includes("absent")));
  });

  it("on several fits are about their mean, and fall where other training samples move it as far", () => {
    const events = titleEvents(distributions.Unfair.titles);
    const areas = (label: string, apart: number): MeasuredFits => {
      const own = areasOf(events).of(distributions[label as "Unfair"]);
      const ofFits = (x: number): ValuesOfFits => ({
        ...{ seeds: [x, x + 0.002, x - 0.002], isRandom: true, isTrained: true },
        resamples: [-1, 0, 1].map((i) => x + i * apart),
      });
      const values = Object.entries(own).map(([name, x]) => [name, ofFits(x)]);
      return { label, survey: "world", values: Object.fromEntries(values) };
    };
    const judged = (apart: number, survey = "world") => {
      const fits = ["Unfair", "Reversed"].map((label, i) => ({ ...areas(label, i * apart), survey }));
      return onEvents("Unfair", ["Reversed"], events, fits)[1];
    };
    const steady = judged(0.001);
    assert.equal(steady.outcome, "supported");
    assert.equal(steady.over, "300 persons, 3 seeds, 3 training samples");
    assert.ok(steady.wholeError! > steady.standardError);
    const wild = judged(0.5);
    assert.equal(wild.outcome, "no difference");
    assert.ok(Math.abs(wild.wholeError! - 0.5) < 0.01);
    // Of another survey's fits nothing is known here.
    assert.equal(judged(0.5, "elsewhere").wholeError, undefined);
  });

  it("on an event that never happens say that nothing is known, and break nothing", () => {
    const rows = onEvents("Unfair", ["Reversed"], [{ name: "never", titles: [] }]);
    const [chance, better] = rows;
    assert.equal(chance.outcome, "not known");
    assert.equal(better.outcome, "not known");
  });

  it("on groups find the one that the model, and not the world, serves worse", () => {
    const rows = onGroups("Unfair", ["Reversed"]);
    assert.equal(rows[0].outcome, "supported for this fit");
    const [gap, behind] = rows.slice(1);
    assert.match(gap.claim.says, /"odd"$/);
    assert.match(behind.claim.says, /"odd"$/);
    for (const row of [gap, behind]) {
      const words = "supported for this fit, beyond its error (p adjusted for 2 groups below 0.001)";
      assert.equal(verdictOf(row), words);
    }
    assert.ok(Math.abs(gap.value - gap.oracle! - behind.value) < 1e-9);
    // The gap of each fit counts, and where resamples move it by as much as it is, no group is served worse.
    const [own, law] = [scores.Unfair, scores[ORACLE]].map(surprisal);
    const fitsWith = (apart: number) => {
      const resamples = [-1, 0, 1].map((i) => own.map((x, n) => x + (person[n] % 2) * i * apart));
      const fits = { seeds: [own], resamples, isRandom: false, isTrained: true };
      const none = { seeds: [law], resamples: [], isRandom: false, isTrained: false };
      const named = (label: string, of: FitsOfMethod) =>
        ({ label, survey: "world", fits: of }) as ErrorSources;
      return [named("Unfair", fits), named(ORACLE, none)];
    };
    const on = (apart: number) => onGroups("Unfair", [], { fits: fitsWith(apart) });
    for (const [i, row] of on(0.001).entries()) {
      assert.equal(row.outcome, "supported");
      assert.equal(row.over, "150 persons, 3 training samples");
      assert.ok(Math.abs(row.value - [gap, behind][i].value) < 1e-9);
    }
    for (const row of on(gap.value)) {
      assert.equal(row.outcome, "no difference");
      assert.ok(row.wholeError! > 0.99 * gap.value);
    }
    const fair = onGroups(ORACLE, []);
    assert.equal(fair[0].outcome, "no difference");
  });
});
