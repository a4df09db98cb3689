import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CareerPanel } from "labor-llm";
import type { PanelSplit } from "labor-llm/dist/careers/split";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { careersOf } from "../support/careers";
import { fewYoungMen, fitSmall, writeTinyBase } from "./small-fits";

const titles = new TitleSet(["A", "B", "C"]);
const panel = (...persons: string[]): CareerPanel => ({
  name: "toy",
  surveyTag: "TOY",
  titles,
  careers: careersOf(...persons),
});

describe("The number of a method's parameters", () => {
  let scratch: string;
  let split: PanelSplit;

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "labor-llm-parameters-"));
    const train = panel("A:low A:low B:high", "A:low B:high B:high B:low", "B:low A:low");
    split = { train, validation: panel("A:low B:high"), test: panel("A:low") };
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const parameters = async (method: string, settings: object) =>
    (await fitSmall(method, settings, split, join(scratch, method))).parameters;

  it("of tables is that of the free probabilities of the rows seen, and of the concentrations chosen", async () => {
    const alpha = 10;
    assert.equal(await parameters("empirical", {}), 2);
    const additive = { alpha, backOff: "additive" };
    // The empirical distribution; first, after A, after B.
    assert.equal(await parameters("markov", additive), (1 + 3) * 2);
    // And of the last two titles: A alone, B alone, AA, AB, BB; nobody goes on after BA.
    assert.equal(await parameters("markov", { ...additive, order: 2 }), (1 + 3 + 5) * 2);
    // Or of education now: low first; with the title before A and low, A and high, B and high, B and low.
    assert.equal(await parameters("markov", { ...additive, given: ["education"] }), (1 + 3 + 5) * 2);
    // One for first titles, one with education, one for later ones, one for the table of education, one for that of two
    // titles: with education A- low, A- high, B- low, AA high, AB high, BB low.
    const all = { order: 2, given: ["education"] };
    assert.equal(await parameters("markov", { ...additive, ...all }), (1 + 3 + 5 + 6) * 2);
    assert.equal(await parameters("markov", { backOff: "additive", ...all }), (1 + 3 + 5 + 6) * 2 + 5);
    // Staying or moving: titles entered; first ones; whether people stay, in all, a year later, in A and in B; where
    // they move, from anywhere, from A and from B.
    const apart = { alpha, smoothing: 1 };
    const titlesRows = 1 + 1 + (1 + 2);
    const stays = 1 + 1 + 2;
    assert.equal(await parameters("markov", apart), titlesRows * 2 + stays);
    // A concentration for each table: two of first titles, three of staying, three of moving.
    assert.equal(await parameters("markov", {}), titlesRows * 2 + stays + 2 + 3 + 3);
  });

  it("of logits is K (J - 1): intercept and levels seen, for each title but one", async () => {
    // First observation, A, B; high, low; and the constant of the same title as before.
    const terms = ["previous title", "education"];
    assert.equal(await parameters("multinomial-logit", { terms, ridge: 1 }), (1 + 3 + 2) * 2 + 1);
    // Linear terms have one coefficient; tenure is 0 or 1 here.
    const tenure = { terms: ["tenure"], ridge: 1, sameTitle: false };
    assert.equal(await parameters("multinomial-logit", tenure), (1 + 1) * 2);
    // Stay: A, B; high, low; two classes. Move: the same levels. First: low alone, and no title before.
    const stay = 1 + 2 + 2;
    const move = (1 + 2 + 2) * 2;
    const first = (1 + 1) * 2;
    assert.equal(await parameters("regression", { terms, ridge: 1 }), stay + move + first);
  });

  it("of a logit head is one for each of the model's widths and one more, for each title but one", async () => {
    split = fewYoungMen();
    const base = writeTinyBase(join(scratch, "base"), split);
    const head = { base, layers: [1], poolings: ["last"], ridge: 100 };
    assert.equal(await parameters("embedding-logit", head), (32 + 1) * (split.train.titles.size - 1));
  });
});
