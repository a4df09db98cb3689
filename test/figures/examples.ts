import {
  byTransition,
  type Figure,
  forestPlot,
  learningCurve,
  perplexityComparison,
  reliabilityPanels,
  rocPanels,
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

const four = ["Oracle", "Markov, given education", "CAREER", "Fine-tuned"];

const rocPanel = (title: string, shown: readonly string[]) => ({
  title,
  lines: shown.map((model, i) => ({
    model,
    falsePositiveRate: [0, 0.1, 0.3, 1],
    truePositiveRate: [0, 0.6 - 0.1 * i, 0.8 - 0.1 * i, 1],
    ...{ auc: 0.84 - 0.05 * i, low: 0.78 - 0.05 * i, high: 0.89 - 0.05 * i },
  })),
});

const reliabilityPanel = (title: string) => ({
  title,
  note: "calibration error 0.032, by chance 0.018",
  points: [0.02, 0.05, 0.1, 0.2, 0.35].map((probability) => ({
    ...{ probability, frequency: probability * 0.9, personYears: 90 },
    ...{ frequencyLow: probability * 0.4, frequencyHigh: probability * 1.5 },
  })),
});

const forestRows = [
  "gender: female",
  "gender: male",
  "gender × ethnicity: female, non-black and non-hispanic",
].flatMap((name, g) =>
  four.map((model, i) => {
    const [of, group] = name.split(": ");
    const value = 6 + g + 2 * i;
    return { of, group, persons: 57 - g, model, value, low: value * 0.8, high: value * 1.3 };
  }),
);

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
  "ROC curves of four events": rocPanels(
    ["Move, young men of the NLSY79", "Move", "Unemployed", "Not in labor force"].map((title) =>
      rocPanel(title, four),
    ),
  ),
  "ROC curves of three events": rocPanels(
    ["Move", "Unemployed", "Not in labor force"].map((t) => rocPanel(t, four)),
  ),
  "reliability of four models": reliabilityPanels(four.map(reliabilityPanel), { event: "being unemployed" }),
  "groups under headings": forestPlot(forestRows, {
    log: true,
    measure: "Perplexity per person-year (log scale; lower is better)",
    reference: { label: "uniform over 335 titles", value: 40 },
  }),
  "learning curve": learningCurve({
    epochs: [0, 1, 2, 3],
    train: [2.31, 1.2, 0.9, 0.82],
    validation: [2.33, 1.25, 1.0, 0.97],
    best: 3,
  }),
};
