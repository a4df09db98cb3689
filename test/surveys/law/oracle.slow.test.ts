import { strict as assert } from "node:assert";
import type { Career } from "labor-llm/dist/careers/career";
import { educationLevels } from "labor-llm/dist/careers/education";
import { Random } from "labor-llm/dist/random";
import type { CareerLaw } from "labor-llm/dist/surveys/law/career-law";
import { law } from "labor-llm/dist/surveys/law/law";
import { oracle } from "labor-llm/dist/surveys/law/oracle";
import type { LawPerson, LawState } from "labor-llm/dist/surveys/law/person";
import { Simulator } from "labor-llm/dist/surveys/law/simulate";
import { tinyLaw } from "../../support/tiny-law";

/** Which years of a life a survey sees; gaps of one, two and three years among them. */
const rounds = [1999, 2000, 2002, 2005, 2006];
const person: LawPerson = { gender: 0, ethnicity: 1, region: 2, birthYear: 1981 };
const covariates = { gender: "female", ethnicity: "black", region: "south", birthYear: 1981 };

function careerOf(law: CareerLaw, seed: number, who = person): Career {
  const life = new Simulator(law).life(who, rounds[0], rounds.at(-1)!, new Random("life", seed));
  const observations = life
    .filter(({ year }) => rounds.includes(year))
    .map(({ year, slot, education }) => ({
      year,
      title: law.titles.titles[law.columnOf[slot]],
      education: educationLevels[education],
    }));
  return { person: String(seed), covariates, observations };
}

/**
 * P(observed titles and educations of the career) by walking every path of types, tenures, unobserved titles and
 * unobserved educations through the law's one-year step.
 */
function enumerate(law: CareerLaw, career: Career, who = person): number {
  const seen = new Map(
    career.observations.map(({ year, title, education }) => [
      year,
      {
        slot: law.slotOf[law.titles.indexOf(title)],
        education: (educationLevels as readonly string[]).indexOf(education!),
      },
    ]),
  );
  const [first, last] = [career.observations[0].year, career.observations.at(-1)!.year];
  const { slot, education: start } = seen.get(first)!;
  const walk = (
    state: LawState,
    education: number,
    type: (typeof law.types)[number],
    year: number,
  ): number => {
    if (year > last) return 1;
    const now = seen.get(year);
    const rise = law.rise.probability(education, state.slot === law.occupations + 2, who, year);
    let sum = 0;
    for (const [level, chance] of [
      [education, 1 - rise],
      [education + 1, rise],
    ]) {
      if (chance === 0 || (now !== undefined && now.education !== level)) continue;
      const row = law.transition(state, who, type, year, level);
      row.forEach((p, y) => {
        if (now !== undefined && now.slot !== y) return;
        sum += chance * p * walk(law.after(state, y), level, type, year + 1);
      });
    }
    return sum;
  };
  const job = slot < law.occupations;
  const tenures = law.coefficients.first.tenure.slice(0, job ? Math.max(1, first - who.birthYear - 15) : 1);
  const all = tenures.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const type of law.types) {
    const begin = type.share * law.rise.first(who, first)[start] * law.first(who, type, first, start)[slot];
    tenures.forEach((share, c) => {
      const state = { slot, tenure: c + 1, last: job ? slot : -1 };
      sum += (begin * share * walk(state, start, type, first + 1)) / all;
    });
  }
  return sum;
}

describe("The oracle", () => {
  for (const specialStates of [true, false]) {
    const law = tinyLaw({ name: "tiny", specialStates });
    const size = law.titles.size;

    it(`gives, on a law of ${size} titles, what enumerating every unobserved path gives, gaps and all`, async () => {
      for (let seed = 0; seed < 12; seed++) {
        const career = careerOf(law, seed);
        const { logProbability } = await oracle(law).predict([career]);
        career.observations.forEach((observation, n) => {
          const histories = law.titles.titles.map((title) => ({
            ...career,
            observations: [...career.observations.slice(0, n), { ...observation, title }],
          }));
          const joint = histories.map((history) => enumerate(law, history));
          const total = joint.reduce((a, b) => a + b, 0);
          joint.forEach((p, j) => {
            const ours = Math.exp(logProbability[n * size + j]);
            assert.ok(
              Math.abs(ours - p / total) < 1e-6,
              `year ${observation.year}: ${ours}, not ${p / total}`,
            );
          });
        });
      }
    });
  }

  it("composes: the title k years ahead is the sum over all next years of the title k-1 years from there", () => {
    const law = tinyLaw();
    const size = law.titles.size;
    const model = oracle(law);
    for (const seed of [1, 2, 3]) {
      const career = careerOf(law, seed);
      const last = career.observations.at(-1)!.year;
      for (const k of [2, 3, 4]) {
        const composed = new Float64Array(5 * size);
        model.predictAhead(career, 1).joint.forEach((p, at) => {
          if (p === 0) return;
          const education = educationLevels[Math.floor(at / size)];
          const next = { year: last + 1, title: law.titles.titles[at % size], education };
          const longer = { ...career, observations: [...career.observations, next] };
          model.predictAhead(longer, k - 1).joint.forEach((q, to) => {
            composed[to] += p * q;
          });
        });
        const { joint, title } = model.predictAhead(career, k);
        joint.forEach((p, at) => {
          assert.ok(Math.abs(p - composed[at]) < 1e-12, `${k} years: ${p}, not ${composed[at]}`);
        });
        assert.ok(Math.abs(title.reduce((a, b) => a + b, 0) - 1) < 1e-12);
      }
    }
  });

  it("sums over the values of covariates that are missing", async () => {
    const law = tinyLaw();
    const size = law.titles.size;
    const shares = {
      gender: { female: 0.3, male: 0.7 },
      ethnicity: { black: 1 },
      region: { south: 1 },
      birthYear: [
        { birthYear: 1981, share: 0.4 },
        { birthYear: 1983, share: 0.6 },
      ],
      entry: (_year: number, birthYear: number) => (birthYear === 1981 ? 0.5 : 1),
    };
    const career = careerOf(law, 4);
    const unknown = { ...career, covariates: {} };
    const { logProbability } = await oracle(law, { covariates: shares }).predict([unknown]);
    const evidence = (observations: Career["observations"]) => {
      let sum = 0;
      for (const gender of [0, 1]) {
        for (const birthYear of [1981, 1983]) {
          const prior = (gender === 0 ? 0.3 : 0.7) * (birthYear === 1981 ? 0.4 * 0.5 : 0.6);
          sum += prior * enumerate(law, { ...career, observations }, { ...person, gender, birthYear });
        }
      }
      return sum;
    };
    career.observations.forEach((observation, n) => {
      const joint = law.titles.titles.map((title) =>
        evidence([...career.observations.slice(0, n), { ...observation, title }]),
      );
      const total = joint.reduce((a, b) => a + b, 0);
      joint.forEach((p, j) => {
        assert.ok(Math.abs(Math.exp(logProbability[n * size + j]) - p / total) < 1e-6);
      });
    });
  });

  it("takes an interview for a sign of youth where age ends interviews and the birth year is missing", async () => {
    const law = tinyLaw();
    const size = law.titles.size;
    const born = [1976, 1979, 1982];
    const shares = {
      ...{ gender: {}, ethnicity: {}, region: {} },
      birthYear: born.map((birthYear, i) => ({ birthYear, share: [0.5, 0.3, 0.2][i] })),
    };
    // Born in 1976: till 2002; in 1979: till 2005; in 1982: in all rounds.
    const design = { covariates: shares, lastAge: 26 };
    for (let seed = 0; seed < 6; seed++) {
      const career = careerOf(law, seed);
      const unknown = { ...career, covariates: { ...covariates, birthYear: undefined } };
      const { logProbability } = await oracle(law, design).predict([unknown]);
      career.observations.forEach((observation, n) => {
        const joint = law.titles.titles.map((title) => {
          const observations = [...career.observations.slice(0, n), { ...observation, title }];
          return shares.birthYear.reduce((sum, { birthYear, share }) => {
            if (n > 0 && observation.year - birthYear > design.lastAge) return sum;
            return sum + share * enumerate(law, { ...career, observations }, { ...person, birthYear });
          }, 0);
        });
        const total = joint.reduce((a, b) => a + b, 0);
        joint.forEach((p, j) => {
          const ours = Math.exp(logProbability[n * size + j]);
          assert.ok(Math.abs(ours - p / total) < 1e-6, `year ${observation.year}: ${ours}, not ${p / total}`);
        });
      });
    }
    const [first, last] = [careerOf(law, 1).observations[0], careerOf(law, 1).observations.at(-1)!];
    const old = {
      person: "7",
      covariates: { ...covariates, birthYear: undefined },
      observations: [first, { ...last, year: 2009 }],
    };
    await assert.rejects(
      oracle(law, design).predict([old]),
      /person 7, year 2009: everybody who can be first seen in 1999 is above 26/,
    );
  });

  it("is calibrated on a survey of hidden birth years that asks nobody beyond an age, and better than one that does not know", async () => {
    const law = tinyLaw();
    const simulator = new Simulator(law);
    const born = [1960, 1972, 1980, 1984];
    const lastAge = 20;
    const careers = Array.from({ length: 3000 }, (_, i): Career => {
      const random = new Random("hidden birth years", i);
      const birthYear = born[random.integer(born.length)];
      const years = rounds.filter((year, n) => n === 0 || year <= birthYear + lastAge);
      const life = simulator.life({ ...person, birthYear }, rounds[0], years.at(-1)!, random);
      const observations = years.map((year) => ({
        year,
        title: law.titles.titles[law.columnOf[life[year - rounds[0]].slot]],
        education: educationLevels[life[year - rounds[0]].education],
      }));
      return { person: String(i), covariates: { ...covariates, birthYear: undefined }, observations };
    });
    const births = born.map((birthYear) => ({ birthYear, share: 1 / born.length }));
    const shares = { gender: {}, ethnicity: {}, region: {}, birthYear: births };
    const exact = await oracle(law, { covariates: shares, lastAge }).predict(careers);
    const unaware = await oracle(law, { covariates: shares }).predict(careers);
    /** The mean over persons in its standard errors, each person's rows added up, of rows after the first. */
    const z = (of: (row: Float32Array, title: number, n: number) => number) => {
      const { logProbability, observed, person: who } = exact;
      const sums = new Float64Array(careers.length);
      observed.forEach((title, n) => {
        if (who[n] !== who[n - 1]) return;
        sums[who[n]] += of(logProbability.subarray(n * law.titles.size, (n + 1) * law.titles.size), title, n);
      });
      const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
      const square = sums.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (sums.length - 1);
      return mean / Math.sqrt(square / sums.length);
    };
    const entropy = (row: Float32Array) => -row.reduce((sum, logP) => sum + Math.exp(logP) * logP, 0);
    const surprise = z((row, title) => -row[title] - entropy(row));
    assert.ok(Math.abs(surprise) < 3, `surprise less entropy: ${surprise}`);
    const better = z((row, title, n) => row[title] - unaware.logProbability[n * law.titles.size + title]);
    assert.ok(better > 4, `ln P above that of the unaware: ${better}`);
  });

  it("agrees with the frequencies of simulated lives, within four standard errors", () => {
    const law = tinyLaw();
    const start = careerOf(law, 5);
    const model = oracle(law);
    const simulator = new Simulator(law);
    const first = { ...start, observations: start.observations.slice(0, 1) };
    const slot = law.slotOf[law.titles.indexOf(first.observations[0].title)];
    const education = (educationLevels as readonly string[]).indexOf(first.observations[0].education!);
    const counts = new Float64Array(law.titles.size);
    const lives = 60_000;
    let kept = 0;
    for (let i = 0; i < lives; i++) {
      const life = simulator.life(person, rounds[0], rounds[0] + 3, new Random("lives", i), education);
      if (life[0].slot !== slot) continue;
      kept++;
      counts[law.columnOf[life[3].slot]]++;
    }
    model.predictAhead(first, 3).title.forEach((p, j) => {
      const error = Math.sqrt((p * (1 - p)) / kept);
      assert.ok(
        Math.abs(counts[j] / kept - p) < 4 * error,
        `${law.titles.titles[j]}: ${counts[j] / kept}, not ${p}`,
      );
    });
    assert.ok(kept > 2000);
  });

  it("on all 335 titles, composes too, and agrees with its prediction across a gap", async () => {
    const full = law();
    const size = full.titles.size;
    const model = oracle(full);
    const history = (...jobs: [number, string, string][]) => ({
      person: "1",
      covariates,
      observations: jobs.map(([year, title, education]) => ({ year, title, education })),
    });
    const career = history(
      [1999, "In education", "high school"],
      [2000, "Cashiers", "high school"],
      [2002, "Unemployed", "some college"],
    );
    const { joint } = model.predictAhead(career, 2);
    const composed = new Float64Array(joint.length);
    model.predictAhead(career, 1).joint.forEach((p, at) => {
      if (p === 0) return;
      const next = {
        year: 2003,
        title: full.titles.titles[at % size],
        education: educationLevels[Math.floor(at / size)],
      };
      const longer = { ...career, observations: [...career.observations, next] };
      model.predictAhead(longer, 1).joint.forEach((q, to) => {
        composed[to] += p * q;
      });
    });
    joint.forEach((p, at) => {
      assert.ok(Math.abs(p - composed[at]) < 1e-12);
    });
    // Given the education of that year, it is what `predict` says of a person next seen then.
    const seen = { year: 2004, title: "Secretaries", education: "some college" };
    const { logProbability } = await model.predict([
      { ...career, observations: [...career.observations, seen] },
    ]);
    const college = joint.subarray(2 * size, 3 * size);
    const total = college.reduce((a, b) => a + b, 0);
    college.forEach((p, j) => {
      assert.ok(Math.abs(p / total - Math.exp(logProbability[3 * size + j])) < 1e-6);
    });
  });

  it("refuses what its law cannot bring about, and says who and when", async () => {
    const model = oracle(tinyLaw());
    const reaching = (...educations: (string | undefined)[]) => ({
      person: "6",
      covariates,
      observations: educations.map((education, i) => ({ year: 1999 + i, title: "Cooks", education })),
    });
    for (const [career, message] of [
      [reaching(undefined), /person 6, year 1999: the education is missing/],
      [reaching("high school", "PhD"), /year 2000: the law knows no education "PhD"/],
      [reaching("high school", "college"), /year 2000: the law cannot bring about the education "college"/],
      [
        reaching("college", "high school"),
        /year 2000: the law cannot bring about the education "high school"/,
      ],
    ] as const) {
      await assert.rejects(model.predict([career]), message);
    }
    const career = reaching("high school");
    const elsewhere = { ...career, covariates: { ...covariates, region: "abroad" } };
    await assert.rejects(model.predict([elsewhere]), /person 6: the law knows no region "abroad"/);
    assert.throws(() => model.predictAhead(career, 0), /0 years ahead/);
  });
});
