import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  educationLevels,
  type KnownLaw,
  samplePersons,
  shortHistories,
  splitByPerson,
  splitYears,
  thinToSteps,
  validateCareer,
} from "labor-llm/dist/careers";
import { fitEmpirical } from "labor-llm/dist/methods/markov";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { clusterRobustDifference, clusterRobustMean, perplexity, surprisal } from "labor-llm/dist/metrics";
import { personTotals } from "labor-llm/dist/metrics/perplexity";
import { occupations, specialStateTitles } from "labor-llm/dist/occupations";
import { observedScores, scoreObserved, type TitleDistribution } from "labor-llm/dist/predictions";
import { hypothesesOf } from "labor-llm/dist/surveys/law/hypotheses";
import { occupationWords } from "labor-llm/dist/surveys/law/occupation-words";
import { spellingNeighbours } from "labor-llm/dist/surveys/law/spelling";
import { lawStructure } from "labor-llm/dist/surveys/law/structure";
import { readLongFormat } from "labor-llm/dist/surveys/long-format";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";
import { lawNamed, oracleOf, syntheticSurvey } from "labor-llm/dist/surveys/synthetic";
import { type SyntheticKind, syntheticDesigns } from "labor-llm/dist/surveys/synthetic/designs";
import { streamSurvey, syntheticOracle } from "labor-llm/dist/surveys/synthetic/survey";
import { writeSurvey } from "labor-llm/dist/surveys/synthetic/write";
import { withScratchFolder } from "../../support/scratch";

const kinds: SyntheticKind[] = ["psid-like", "nlsy79-like", "nlsy97-like", "resumes"];
const levels = educationLevels as readonly string[];

/** (N): the entropy of each row, which is the surprise that the row itself expects. */
function entropies({ logProbability, titles, observed }: TitleDistribution): Float64Array {
  return Float64Array.from(observed, (_, n) => {
    let sum = 0;
    for (let at = n * titles.size; at < (n + 1) * titles.size; at++) {
      if (logProbability[at] > -Infinity) sum -= Math.exp(logProbability[at]) * logProbability[at];
    }
    return sum;
  });
}

/** What happened surprises a law as much as its own probabilities expect. */
function assertSurprisedAsExpected(distribution: TitleDistribution): void {
  const surprise = surprisal(observedScores(distribution));
  const expected = entropies(distribution);
  const off = clusterRobustMean(
    personTotals(
      distribution,
      surprise.map((x, n) => x - expected[n]),
    ).all,
  );
  assert.ok(Math.abs(off.value) < 4 * off.standardError, `off by ${off.value} (${off.standardError})`);
}

describe("Synthetic surveys", () => {
  for (const kind of kinds) {
    const persons = 500;
    const panel = syntheticSurvey(kind, { persons });
    const { train, validation, test } = splitByPerson(panel, { seed: 1 });

    it(`${kind}: say that they are synthetic and hold valid careers whose education never falls`, () => {
      assert.match(panel.name, /^synthetic-/);
      assert.match(panel.surveyTag, /^synthetic /);
      assert.equal(panel.careers.length, persons);
      assert.equal(new Set(panel.careers.map(({ person }) => person)).size, persons);
      for (const career of panel.careers) {
        validateCareer(career, panel.titles);
        const reached = career.observations.map(({ education }) => levels.indexOf(education!));
        reached.forEach((level, i) => {
          assert.ok(level >= Math.max(0, reached[i - 1] ?? 0), `person ${career.person}`);
        });
      }
    });

    it(`${kind}: keep those without college out of the professions that need it`, () => {
      const { schooling } = occupationWords();
      const learned = new Set(occupations.filter((_, o) => schooling[o] === 6).map(({ title }) => title));
      let held = 0;
      let without = 0;
      for (const { observations } of syntheticSurvey(kind, { persons: 3000, seed: 2 }).careers) {
        for (const { title, education } of observations) {
          if (!learned.has(title)) continue;
          held++;
          if (levels.indexOf(education!) < 3) without++;
        }
      }
      assert.ok(held > 200, `${held} person-years in such professions`);
      assert.ok(without / held < 0.02, `${without} of ${held} without college`);
    });

    it(`${kind}: surprise the oracle as much as it expects, and no baseline beats it`, async () => {
      const distribution = await syntheticOracle(kind).predict(test.careers);
      const { logProbability, titles, observed } = distribution;
      for (let n = 0; n < observed.length; n += 97) {
        let sum = 0;
        for (let j = 0; j < titles.size; j++) sum += Math.exp(logProbability[n * titles.size + j]);
        assert.ok(Math.abs(sum - 1) < 1e-5);
      }
      assertSurprisedAsExpected(distribution);
      const surprise = surprisal(observedScores(distribution));
      for (const model of [
        fitEmpirical(train),
        fitMarkov(train, { validation: validation.careers }),
        fitMarkov(train, { validation: validation.careers, given: ["education"] }),
      ]) {
        const other = await model.predict(test.careers);
        const ahead = clusterRobustDifference(
          personTotals(other, surprisal(observedScores(other))).all,
          personTotals(distribution, surprise).all,
        );
        assert.ok(
          ahead.value > -2 * ahead.standardError,
          `${model.name} beats the oracle by ${-ahead.value}`,
        );
        assert.ok(ahead.value > 0);
      }
    });
  }

  it("hold the same persons whatever their number, and others for another seed", () => {
    for (const kind of kinds) {
      const few = syntheticSurvey(kind, { persons: 20 }).careers;
      const many = syntheticSurvey(kind, { persons: 60 }).careers;
      assert.deepEqual(many.slice(0, 20), few);
      assert.notDeepEqual(syntheticSurvey(kind, { persons: 20, seed: 2 }).careers, few);
    }
  });

  it("without words are the same careers under other titles, and as hard for the oracle", async () => {
    const options = { persons: 60 };
    const control = { ...options, law: { words: "none" as const } };
    const [near, none] = [syntheticSurvey("nlsy97-like", options), syntheticSurvey("nlsy97-like", control)];
    const renamed = new Map<string, string>();
    near.careers.forEach((career, i) => {
      career.observations.forEach(({ title }, n) => {
        const other = none.careers[i].observations[n].title;
        assert.equal(renamed.get(title) ?? other, other);
        renamed.set(title, other);
      });
    });
    assert.ok([...renamed].filter(([title, other]) => title !== other).length > 80);
    for (const title of specialStateTitles) assert.equal(renamed.get(title), title);
    const measure = async (panel: typeof near, own: typeof options) =>
      perplexity(await scoreObserved(syntheticOracle("nlsy97-like", own), panel.careers));
    const [a, b] = [await measure(near, options), await measure(none, control)];
    assert.ok(Math.abs(a - b) < 1e-4 * a, `${a} and ${b}`);
  });

  it("are, dealt, the same careers under other titles, by name; the oracle knows them", async () => {
    const [own, dealt] = ["synthetic-nlsy97", "synthetic-nlsy97-dealt"].map((name) => readSurvey(name));
    assert.equal(dealt.name, "synthetic-nlsy97-dealt");
    assert.deepEqual(dealt.careers, syntheticSurvey("nlsy97-like", { law: { words: "none" } }).careers);
    const few = (panel: typeof own) => panel.careers.slice(0, 40);
    const [a, b] = await Promise.all(
      [own, dealt].map(async (panel) => perplexity(await scoreObserved(oracleOf(panel)!, few(panel)))),
    );
    assert.ok(Math.abs(a - b) < 1e-4 * a, `${a} and ${b}`);
  });

  it("carry their law, of every name and in every part; a real survey has none, whatever it is called", () => {
    const own = { kind: "psid-like", wordsTimes: 10, words: "none" };
    const laws: [string, KnownLaw | undefined][] = [
      ["synthetic-psid", { kind: "psid-like" }],
      ["synthetic-nlsy97", { kind: "nlsy97-like" }],
      ["synthetic-resumes", { kind: "resumes" }],
      ["synthetic-control", own as KnownLaw],
      ["synthetic-nlsy79-break-1990", { kind: "nlsy79-like", break: { year: 1990 } }],
      ["nlsy-young-men", undefined],
    ];
    for (const [name, law] of laws) {
      assert.deepEqual(lawNamed(name), law, name);
      const panel = readSurvey(name);
      assert.deepEqual(panel.law, law, name);
      const parts = splitYears(splitByPerson(panel, { seed: 1 }), {});
      const some = [samplePersons(parts.train, 20, 1), shortHistories(parts.test, 2), thinToSteps(panel, 2)];
      for (const part of [...Object.values(parts), ...some]) assert.deepEqual(part.law, law, name);
      const renamed = { ...panel, name: law === undefined ? "synthetic-psid" : "nlsy-young-men" };
      assert.equal(oracleOf(renamed)?.law.name, oracleOf(panel)?.law.name, name);
      assert.equal(oracleOf(renamed) === undefined, law === undefined, name);
    }
  });

  it("of spelling surprise their oracle as much as it expects", async () => {
    const panel = readSurvey("synthetic-spelling");
    const { test } = splitByPerson(panel, { seed: 1 });
    assertSurprisedAsExpected(await oracleOf(panel)!.predict(test.careers.slice(0, 300)));
  });

  it("tell the oracle how likely each birth year is, given the years of the interviews", () => {
    for (const kind of kinds) {
      const { covariates, lastAge } = syntheticDesigns[kind];
      const byAge = new Map<number, { observed: number; expected: number }>();
      const at = (age: number) => {
        const cell = byAge.get(age) ?? { observed: 0, expected: 0 };
        byAge.set(age, cell);
        return cell;
      };
      for (const { covariates: own, observations, person } of syntheticSurvey(kind, { persons: 3000 })
        .careers) {
        const [{ year }, ...later] = observations;
        const hidden = { ...own, gender: "male", ethnicity: "white", region: "south", birthYear: undefined };
        const found = hypothesesOf(hidden, covariates, year, person);
        const total = found.reduce((sum, { share }) => sum + share, 0);
        for (const one of found) at(year - one.person.birthYear).expected += one.share / total;
        at(year - own.birthYear!).observed++;
        assert.ok(
          later.every((one) => one.year - own.birthYear! <= lastAge),
          `${kind}, ${person}`,
        );
      }
      for (const [age, { observed, expected }] of byAge) {
        const error = Math.sqrt(expected);
        assert.ok(
          Math.abs(observed - expected) < 4 * error + 0.01,
          `${kind}, ${age}: ${observed}, ${expected}`,
        );
      }
    }
  });

  it("have twins: in one most moves are to what is near in words, in one to titles spelt alike, in one words carry nothing", () => {
    const [words, control, spelling] = ["synthetic-words", "synthetic-control", "synthetic-spelling"].map(
      (name) => readSurvey(name),
    );
    const columns = (panel: typeof words) =>
      panel.careers.map(({ person, covariates, observations }) => [
        person,
        covariates,
        observations.map(({ year, education }) => [year, education]),
      ]);
    assert.deepEqual(columns(words), columns(control));
    const who = ({ careers }: typeof words) => careers.map(({ person, covariates }) => [person, covariates]);
    assert.deepEqual(who(words), who(spelling));
    const structure = lawStructure();
    const place = new Map(structure.titles.map((title, o) => [title, o]));
    const near = ({ careers }: typeof words, { from: first, to: neighbours } = structure.neighbours) => {
      let [moves, toNear] = [0, 0];
      for (const { observations } of careers) {
        observations.slice(1).forEach(({ title }, n) => {
          const [from, to] = [place.get(observations[n].title), place.get(title)];
          if (from === undefined || to === undefined || from === to) return;
          moves++;
          if (neighbours.subarray(first[from], first[from + 1]).includes(to)) toNear++;
        });
      }
      return toNear / moves;
    };
    const [most, calibrated, few] = [words, readSurvey("synthetic-psid"), control].map((one) => near(one));
    assert.ok(
      most > 0.6 && calibrated > 0.2 && calibrated < 0.4 && few < 0.1,
      `${most}, ${calibrated}, ${few}`,
    );
    const alike = [spelling, words, control].map((one) => near(one, spellingNeighbours()));
    assert.ok(alike[0] > 0.6 && alike[1] < 0.1 && alike[2] < 0.1 && near(spelling) < 0.1, `${alike}`);
    assert.equal(words.careers.length, 4000);
  });

  it("have the years, the ages and the gaps of the surveys that they are like", () => {
    const [psid, old, young, resumes] = kinds.map((kind) => syntheticSurvey(kind, { persons: 300 }).careers);
    const yearsOf = (careers: typeof psid) =>
      new Set(careers.flatMap((c) => c.observations.map(({ year }) => year)));
    assert.deepEqual([Math.min(...yearsOf(psid)), Math.max(...yearsOf(psid))], [1968, 2021]);
    assert.ok(!yearsOf(psid).has(1998) && yearsOf(psid).has(1997));
    assert.ok(old.every((c) => c.covariates.birthYear! >= 1957 && c.covariates.birthYear! <= 1964));
    assert.ok(!yearsOf(old).has(1995) && yearsOf(old).has(1994) && yearsOf(old).has(1996));
    assert.ok(young.every((c) => c.observations[0].year === 1997));
    assert.ok(!yearsOf(young).has(2012) && yearsOf(young).has(2013));
    const special = new Set(specialStateTitles);
    assert.ok(resumes.every((c) => c.observations.every(({ title }) => !special.has(title))));
    assert.ok(resumes.every(({ covariates }) => covariates.ethnicity === undefined));
    const college = (careers: typeof psid) => {
      const all = careers.flatMap((c) =>
        c.observations.map(({ education }) => levels.indexOf(education!) >= 3),
      );
      return all.filter(Boolean).length / all.length;
    };
    assert.ok(college(resumes) > 0.55 && college(old) < 0.35);
  });

  it("are read back from their file as they were, compressed or not, and leave nothing else behind", () => {
    withScratchFolder((folder) => {
      for (const kind of ["nlsy79-like", "resumes"] as const) {
        const panel = syntheticSurvey(kind, { persons: 120 });
        const [path, packed] = [join(folder, "survey.csv"), join(folder, "survey.csv.gz")];
        const written = writeSurvey(path, kind, { persons: 120, force: true });
        const { name, surveyTag } = panel;
        const back = readLongFormat(path, { name, surveyTag });
        assert.deepEqual(back.careers, panel.careers);
        assert.equal(written.persons, 120);
        assert.equal(
          written.personYears,
          panel.careers.reduce((n, { observations }) => n + observations.length, 0),
        );
        writeSurvey(packed, kind, { persons: 120, force: true });
        assert.deepEqual(gunzipSync(readFileSync(packed)), readFileSync(path));
        assert.deepEqual(readdirSync(folder).sort(), ["survey.csv", "survey.csv.gz"]);
      }
    });
  });

  it("are not written over a survey that is there, unless by force", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "mine.csv");
      writeFileSync(path, "person,year,title\n");
      assert.throws(() => writeSurvey(path, "resumes", { persons: 5 }), {
        name: "UserError",
        message: /mine\.csv: a file is there that labor-llm did not write/,
      });
      assert.equal(readFileSync(path, "utf8"), "person,year,title\n");
    });
  });

  it("are streamed: the first career of a million costs what one costs", () => {
    // Were all drawn first, the test would not end in time.
    const stream = streamSurvey("nlsy97-like", { persons: 1_000_000 });
    assert.equal(stream.next().value!.person, "s97-1");
    stream.return();
  });

  it("refuse an unknown kind, and no persons", () => {
    assert.throws(
      () => syntheticSurvey("nlsy66-like" as SyntheticKind),
      /there is no synthetic survey "nlsy66-like"/,
    );
    assert.throws(() => syntheticSurvey("resumes", { persons: 0 }), /a survey of 0 persons/);
    assert.throws(() => syntheticSurvey("resumes", { persons: 1.5 }), /a survey of 1.5 persons/);
  });
});
