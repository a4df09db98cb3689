import { Random } from "labor-llm/dist/random";
import { CareerLaw, type LawVariant } from "labor-llm/dist/surveys/law/career-law";
import { ageBands, type LawCoefficients, type LawStructure } from "labor-llm/dist/surveys/law/parameters";

/** A law of three occupations in two groups, small enough to enumerate, every term of it at work. */
export function tinyLaw(variant: LawVariant = { name: "tiny" }): CareerLaw {
  const random = new Random("tiny law");
  const some = (scale: number) => scale * random.normal();
  const vector = (n: number, scale = 0.5) => Array.from({ length: n }, () => some(scale));
  const matrix = (n: number, m: number, scale = 0.5) => Array.from({ length: n }, () => vector(m, scale));
  const shares = () => Array.from({ length: 4 }, () => 0.1 + random.uniform());
  const bands = ageBands.length;
  const structure: LawStructure = {
    titles: ["Cooks", "Waiters", "Lawyers"],
    groups: ["food", "law"],
    vocations: ["kitchen", "court"],
    groupOf: [0, 0, 1],
    vocationOf: [0, 1, 1],
    schoolingOf: [1, 2, 6],
    neighbours: {
      from: Int32Array.of(0, 1, 2, 3),
      to: Int32Array.of(1, 0, 1),
      similarity: Float64Array.of(0.5, 0.3, 0.2),
    },
  };
  const coefficients: LawCoefficients = {
    type: { mobility: [0.6, 0.4], vocation: [0.7, 0.3] },
    attraction: {
      title: vector(3),
      gap: vector(3),
      schooling: matrix(6, 5),
      age: matrix(3, 2),
      ethnicity: matrix(3, 2),
      region: matrix(4, 2),
      ethnicityRegion: matrix(12, 2),
      genderEducation: matrix(10, 2),
      trend: vector(2),
      cycle: vector(2, 0.1),
      vocation: 1.1,
    },
    moves: { flow: matrix(2, 2), words: 3, recall: [0.3, 0.2, 0.1] },
    kind: {
      next: Array.from({ length: 4 }, () => Array.from({ length: bands }, () => [shares(), shares()])),
      education: vector(5),
      ethnicity: vector(3),
      tenure: vector(5),
      mobility: vector(2),
      cycle: 0.1,
      cohort: 0.2,
    },
    stay: {
      tenure: vector(5),
      age: matrix(bands, 2),
      education: vector(5),
      group: vector(2),
      mobility: [1, -1],
      cycle: 0.05,
    },
    first: {
      kind: Array.from({ length: bands }, () => [shares(), shares()]),
      tenure: [0.4, 0.2, 0.2, 0.1, 0.1],
    },
    rise: {
      level: Array.from({ length: 4 }, () => matrix(2, bands, 1)),
      gender: vector(2),
      ethnicity: vector(3),
      cohort: vector(2),
    },
  };
  return new CareerLaw(structure, coefficients, variant);
}
