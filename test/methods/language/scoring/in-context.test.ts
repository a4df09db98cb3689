import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import type { Career } from "labor-llm";
import { ExampleCareers } from "labor-llm/dist/methods/language/scoring/example-careers";
import { type InContextOptions, inContextModel } from "labor-llm/dist/methods/language/scoring/in-context";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { scoreTitles } from "labor-llm/dist/methods/language/scoring/score-titles";
import { TitleTrie } from "labor-llm/dist/methods/language/scoring/title-trie";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import type { LanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { observedScores } from "labor-llm/dist/predictions/observed-scores";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { encodeCareer, encodeTitles } from "labor-llm/dist/text/encode";
import { renderCareerSegments } from "labor-llm/dist/text/template";
import { titleText } from "labor-llm/dist/text/titles";
import { expectClose } from "../../../support/close";
import { tinyLanguageModel } from "../../../support/tiny-language-model";

describe("In-context learning", () => {
  const panel = readNlsyYoungMen();
  const template = { surveyTag: panel.surveyTag };
  const short = (career: Career, years: number) => ({
    ...career,
    observations: career.observations.slice(0, years),
  });
  const examples = { ...panel, careers: panel.careers.slice(20, 60).map((career) => short(career, 3)) };
  const careers = [3, 40, 77].map((i, n) => short(panel.careers[i], 2 + n));
  let model: LanguageModel;
  before(() => {
    model = tinyLanguageModel(panel, 400, { contextLength: 1024 });
  });

  it("without examples and list equals the plain language model", async () => {
    const bare = inContextModel(model, examples, { k: 0 });
    const plain = new LanguageOccupationModel(
      "plain",
      model.decoder,
      model.tokenizer,
      panel.titles,
      template,
    );
    const [a, b] = [await bare.predict(careers), await plain.predict(careers)];
    assert.deepEqual(a.logProbability, b.logProbability);
    assert.deepEqual(bare.notes, []);
    assert.equal(bare.name, "in-context, no examples");
  });

  const kinds: [InContextOptions, string][] = [
    [{ k: 2 }, "in-context, 2 similar examples"],
    [{ k: 1, listTitles: true }, "in-context, 1 similar example, titles listed"],
    [{ k: 3, choose: "random", listTitles: true }, "in-context, 3 random examples, titles listed"],
  ];
  for (const [options, name] of kinds) {
    it(`gives what one full forward pass per title over the whole prompt gives: ${name}`, async () => {
      const prompted = inContextModel(model, examples, options);
      assert.equal(prompted.name, name);
      const found = await prompted.predict(careers);
      const { observedLogProbability } = await prompted.score(careers);
      expectClose(observedLogProbability, observedScores(found).observedLogProbability, 1e-4);
      const trie = new TitleTrie(encodeTitles(panel.titles, model.tokenizer, template));
      const J = panel.titles.size;
      let row = 0;
      for (const career of careers) {
        const [{ encoded, shared }] = prompted.windows(career).windows;
        // The beginning is read once; reading it anew for each text gives the same.
        assert.equal(shared !== undefined, options.listTitles === true);
        const anew = await scoreTitles(model.decoder, [encoded], trie);
        const rows = found.logProbability.subarray(row * J, (row + career.observations.length) * J);
        expectClose(rows, anew.logProbability[0], 1e-5, { relative: true });
        // And so does a pass of its own for a title, whatever the text before it.
        const ids = Array.from(encoded.ids.slice(0, encoded.titles[1].start));
        for (const j of [0, 3, J - 1]) {
          const title = Array.from(model.tokenizer.encode(titleText(panel.titles.titles[j])));
          expectClose([rows[J + j]], [forward(ids, title)], 1e-5, { relative: true });
        }
        row += career.observations.length;
      }
    });
  }

  function forward(before: number[], title: number[]): number {
    return tf.tidy(() => {
      const { batch } = toTensors(packRows([Int32Array.from([...before, ...title])], 1e9));
      const logP = tf.logSoftmax(model.decoder.logits(model.decoder.hidden(batch))).arraySync() as number[][];
      return title.reduce((sum, token, i) => sum + logP[before.length + i - 1][token], 0);
    });
  }

  it("shows the examples whole, the most fitting next to the career, after the list of titles", () => {
    const prompted = inContextModel(model, examples, { k: 2, listTitles: true });
    const [{ encoded }] = prompted.windows(careers[0]).windows;
    const chosen = new ExampleCareers(examples.careers, 2, "similar", 1).of(careers[0]);
    const list = panel.titles.titles.map((title) => `- ${title}\n`).join("");
    const texts = [chosen[1], chosen[0], careers[0]].map(
      (career) => renderCareerSegments(career, template).text,
    );
    assert.equal(
      model.tokenizer.decode(encoded.ids),
      `The job title is one of the following, one per line:\n${list}${texts.join("")}`,
    );
  });

  it("takes examples that no other career is nearer than, never the person's own, the same for a seed", () => {
    const distance = (a: Career, b: Career) => [
      (["gender", "ethnicity", "region"] as const).filter((c) => a.covariates[c] !== b.covariates[c]).length,
      Math.abs(a.covariates.birthYear! - b.covariates.birthYear!),
    ];
    const compare = ([a, b]: number[], [c, d]: number[]) => a - c || b - d;
    for (const choose of ["similar", "random"] as const) {
      const chooser = (seed: number) => new ExampleCareers(panel.careers, 4, choose, seed);
      for (const career of panel.careers.slice(0, 50)) {
        const chosen = chooser(1).of(career);
        assert.equal(new Set(chosen).size, 4);
        assert.ok(!chosen.some(({ person }) => person === career.person));
        assert.deepEqual(chosen, chooser(1).of(career));
        if (choose === "random") continue;
        const farthest = chosen.map((other) => distance(career, other)).sort(compare)[3];
        const nearer = panel.careers.filter(
          (other) => other.person !== career.person && compare(distance(career, other), farthest) < 0,
        );
        assert.ok(nearer.length < 4 && nearer.every((other) => chosen.includes(other)));
      }
      const [first, second] = [1, 2].map((seed) => chooser(seed).of(panel.careers[0]));
      assert.notDeepEqual(first, second);
    }
  });

  it("drops the fewest examples that make room, and says so; then reads the career in windows", async () => {
    const length = (career: Career) => encodeCareer(career, model.tokenizer, template).ids.length - 1;
    const career = short(panel.careers[40], 6);
    const sizes = new ExampleCareers(examples.careers, 3, "similar", 1).of(career).map(length);
    const own = length(career);
    for (const [context, expected] of [
      [1 + own + sizes[0] + sizes[1] + sizes[2], 3],
      [1 + own + sizes[0] + sizes[1] + sizes[2] - 1, 2],
      [1 + own + sizes[0], 1],
      [1 + own, 0],
      [own, 0],
    ]) {
      const decoder = new Decoder(
        { ...model.decoder.config, contextLength: context },
        model.decoder.parameters,
      );
      const prompted = inContextModel({ ...model, decoder }, examples, { k: 3 });
      const read = prompted.windows(career);
      assert.equal(read.examples, expected);
      assert.ok(read.windows.every(({ encoded }) => encoded.ids.length <= context));
      const { logProbability } = await prompted.predict([career]);
      assert.ok(logProbability.every((logP) => logP < 0));
      const dropped = prompted.notes.some((note) =>
        note.startsWith(`${3 - expected} of 3 examples were dropped`),
      );
      assert.equal(dropped, expected < 3);
      assert.equal(
        prompted.notes.some((note) => /1 of 1 careers were read in windows/.test(note)),
        context === own,
      );
    }
  });

  it("refuses a list that leaves no room, and numbers of examples that cannot be", () => {
    const decoder = new Decoder({ ...model.decoder.config, contextLength: 100 }, model.decoder.parameters);
    const refuse = (options: InContextOptions, message: RegExp, of = model) =>
      assert.throws(() => inContextModel(of, examples, options), { name: "UserError", message });
    refuse({ listTitles: true }, /list of \d+ titles takes \d+ tokens/, { ...model, decoder });
    refuse({ k: 1.5 }, /k is 1.5/);
    refuse({ k: 40 }, /40 example careers are asked for, and 40 are there/);
    refuse({ choose: "best" as "similar" }, /"best"/);
  });
});
