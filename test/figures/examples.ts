import type { Figure } from "labor-llm/dist/figures";
import {
  byTransition,
  learningCurve,
  perplexityComparison,
  sharesOverTime,
  transitionMatrix,
} from "labor-llm/dist/figures";

export const titles = [
  "Professional, technical and kindred",
  "Managers, officials and proprietors",
  "Sales workers",
  "Clerical and kindred",
  "Craftsmen, foremen and kindred workers",
  "Operatives and kindred workers",
  "Laborers and farmers",
  "Farm laborers and foremen",
  "Service workers",
];

const manyTitles = Array.from(
  { length: 29 },
  (_, i) => `Miscellaneous care and service occupations, part ${i}`,
);

const row = (model: string, perplexity: number) => ({
  model,
  perplexity,
  low: perplexity * 0.95,
  high: perplexity * 1.06,
});

const models: [string, number][] = [
  ["Uniform over titles", 9],
  ["Markov, first order, with back-off to frequencies", 2.313],
  ["Off-the-shelf", 350.2],
  ["Off-the-shelf, normalised over the titles", 9.53],
  ["Fine-tuned", 2.105],
];

const transitions = ["all", "first", "move", "stay"] as const;

const matrix = titles.map((_, i) => {
  const weights = titles.map((_, j) => (i === j ? 6 + i : Math.abs(Math.sin(9 * i + 5 * j))));
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
});

/** Each kind of figure, with names and numbers as long and as far apart as real ones. */
export const examples: Record<string, Figure> = {
  "perplexities far apart": perplexityComparison(
    models.map(([model, perplexity]) => row(model, perplexity)),
    { reference: { label: "Oracle", perplexity: 1.9 } },
  ),
  "perplexities close together, under a long title": perplexityComparison([row("A", 2.31), row("B", 2.105)], {
    title:
      "Perplexity per person-year on the test persons of the young men panel, with 95 % intervals by bootstrap",
    reference: { label: "The oracle, which knows the law of the careers", perplexity: 2.4 },
  }),
  "kinds of transition": byTransition(
    models.flatMap(([model, perplexity]) =>
      transitions.map((transition, k) => ({ ...row(model, 1 + perplexity * (k + 0.1)), transition })),
    ),
  ),
  "transition matrix": transitionMatrix(matrix, titles),
  "transition matrix of many titles": transitionMatrix(
    manyTitles.map((_, i) => manyTitles.map((_, j) => (i === j ? 0.72 : 0.01))),
    manyTitles,
  ),
  "shares over time": sharesOverTime(
    [1980, 1981, 1982, 1983, 1984, 1985, 1986, 1987],
    titles.map((name, i) => ({ name, shares: [0, 1, 2, 3, 4, 5, 6, 7].map((t) => 0.1 + 0.001 * i * t) })),
  ),
  "learning curve": learningCurve({
    epochs: [0, 1, 2, 3],
    train: [2.31, 1.2, 0.9, 0.82],
    validation: [2.33, 1.25, 1.0, 0.97],
    best: 3,
  }),
};
