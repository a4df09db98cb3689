// node bench/opening.mjs [--persons 40] [--model FOLDER]: how many nodes of the trie of titles bounded scoring must read
// of the true law's probabilities, which no model betters, before so much of them may be left: a lower bound that holds
// for any rule, and our rule. In positions, as multiples of those of the text itself. Prints a Markdown table.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    persons: { type: "string", default: "40" },
    model: { type: "string", default: join(here, "..", "data", "base-model") },
  },
});
const require = createRequire(import.meta.url);
const { oracleOf } = require("labor-llm/dist/surveys/synthetic/survey");
const { readSurvey } = require("labor-llm");
const { Opening } = require("labor-llm/dist/methods/language/scoring/opening");
const { TitleTrie } = require("labor-llm/dist/methods/language/scoring/title-trie");
const { encodeCareer, encodeTitles } = require("labor-llm/dist/text/encode");
const { Tokenizer } = require("labor-llm/dist/text/tokenizer");

const survey = readSurvey("synthetic-nlsy97");
const careers = survey.careers.slice(0, Number(values.persons));
const template = { surveyTag: survey.surveyTag };
const tokenizer = Tokenizer.fromFolder(values.model);
const trie = new TitleTrie(encodeTitles(survey.titles, tokenizer, template));
const plain = careers.reduce((n, career) => n + encodeCareer(career, tokenizer, template).ids.length, 0);
const { logProbability, observed } = await oracleOf(survey).predict(careers);
const J = survey.titles.size;

/** Probability of each node's titles, (nodes), in one person-year. */
function masses(n) {
  const mass = new Float64Array(trie.nodes.length);
  for (let j = 0; j < J; j++) {
    const p = Math.exp(logProbability[n * J + j]);
    for (const node of trie.pathOf(j)) mass[node] += p;
  }
  return mass;
}

/** A title is known when the node before its end is read: the fewest such nodes that leave at most so much. */
function fewest(mass, neglect) {
  const lost = trie.inner
    .map((node) =>
      trie.nodes[node].children.reduce(
        (sum, end) => sum + (trie.nodes[end].titles.length > 0 ? mass[end] : 0),
        0,
      ),
    )
    .filter((p) => p > 0)
    .sort((a, b) => a - b);
  let [left, unread] = [0, 0];
  while (left + lost[unread] <= neglect) left += lost[unread++];
  return lost.length - unread;
}

/** Nodes that our rule reads. */
function ours(mass, neglect) {
  const opening = new Opening(trie, { mode: "bounded", neglect });
  let read = 0;
  const visit = (node, budget) => {
    const inner = trie.nodes[node].children.filter((child) => trie.nodes[child].children.length > 0);
    const buds = inner.map((child) => ({ node: child, probability: mass[child] }));
    for (const bud of opening.choose(buds, budget).opened) {
      read++;
      visit(bud.node, bud.budget);
    }
  };
  visit(0, neglect);
  return read;
}

console.log(`${J} titles, ${trie.inner.length} nodes to read, ${observed.length} person-years\n`);
console.log("| probability left | lower bound, nodes | times the text | our rule, nodes | times the text |");
console.log("|---:|---:|---:|---:|---:|");
const personYears = Array.from(observed, (_, n) => masses(n));
const mean = (count, neglect) =>
  personYears.reduce((sum, mass) => sum + count(mass, neglect), 0) / personYears.length;
for (const neglect of [0.1, 0.01, 1e-3, 1e-4]) {
  const cells = [fewest, ours].flatMap((count) => {
    const nodes = mean(count, neglect);
    return [nodes.toFixed(0), (1 + (nodes * personYears.length) / plain).toFixed(1)];
  });
  console.log(`| ${neglect} | ${cells.join(" | ")} |`);
}
