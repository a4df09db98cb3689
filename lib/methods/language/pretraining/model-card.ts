import { describeCorpus } from "./corpus";
import type { PretrainingReport } from "./pretrain";

/**
 * Fills the tables of a model card between `<!-- generated: NAME -->` and `<!-- /generated -->` from the run's
 * own report, so that the card cannot contradict it.
 */
export function fillModelCard(card: string, report: PretrainingReport): string {
  return Object.entries(sections(report)).reduce((text, [name, body]) => {
    const pattern = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- /generated -->)`);
    return text.replace(pattern, (_, open: string, close: string) => `${open}${body}\n${close}`);
  }, card);
}

function sections(report: PretrainingReport): Record<string, string> {
  const { recipe, parameters, trainingTokens, tokensSeen, validationLoss, engine } = report;
  const { shape, training } = recipe;
  const losses = Object.values(validationLoss).map((loss) => loss.toFixed(3));
  const count = (n: number) => n.toLocaleString("en-US");
  const figures = [
    ["parameters", count(parameters)],
    ["tokenizer tokens", count(recipe.vocabularySize)],
    ["context, tokens", String(shape.contextLength)],
    ["tokens of the training part", count(trainingTokens)],
    ["tokens seen in pre-training", count(tokensSeen)],
    [`validation loss, nats per token (${Object.keys(validationLoss).join(", ")})`, losses.join(", ")],
    ["seed", String(recipe.seed)],
    ["engine", engine],
    ["weights", `${report.precision}, trained in float32`],
  ];
  const corpus = describeCorpus({ seed: recipe.seed, characters: recipe.characters }).map((row) =>
    [row.source, count(row.documents), count(row.characters), count(row.words)].join(" | "),
  );
  const size =
    "tokens" in training.batch ? `${training.batch.tokens} tokens` : `${training.batch.texts} texts`;
  const steps = [
    `- Shape: width ${shape.width}, ${shape.layers} layers, ${shape.heads} heads of ${shape.headWidth} (${shape.keyValueHeads} for keys and values), gated unit ${shape.feedForward}, ${shape.tiedHead ? "tied" : "untied"} head.`,
    `- AdamW (${training.beta1}, ${training.beta2}), weight decay ${training.weightDecay}, gradients clipped at ${training.clipNorm}; peak learning rate ${training.learningRate}, ${training.decay} decay after a warm-up of ${100 * training.warmup} % of the steps; about ${size} a step; ${training.epochs} epochs.`,
    "- Made anew by `npx labor-llm pretrain --out FOLDER`; the report is `pretraining.json`.",
  ];
  return {
    figures: ["| | |", "|---|---|", ...figures.map((row) => `| ${row.join(" | ")} |`)].join("\n"),
    corpus: [
      "| source | documents | characters | words |",
      "|---|---:|---:|---:|",
      ...corpus.map((row) => `| ${row} |`),
    ].join("\n"),
    recipe: steps.join("\n"),
  };
}
