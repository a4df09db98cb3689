import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { splitByPerson } from "labor-llm";
import { countPersonYears } from "labor-llm/dist/careers/person-years";
import { countPredicted, shortHistories } from "labor-llm/dist/careers/short-histories";
import { trainingTexts } from "labor-llm/dist/methods/language/fine-tune";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { writeMarkov } from "labor-llm/dist/methods/markov/markov-files";
import { predictedSpans, predictedTokens } from "labor-llm/dist/networks/decoder/training-text";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { withScratchFolder } from "../support/scratch";
import { tinyLanguageModel } from "../support/tiny-language-model";

describe("Short histories", () => {
  const panel = readNlsyYoungMen();
  const { train, validation } = splitByPerson(panel, { seed: 1 });
  const depths = [0, 1, 2, 3, 5, 20];

  it("predict each person-year of the whole careers once, in their order, from the last before it and nothing later", () => {
    const whole = train.careers.flatMap(({ observations }) =>
      observations.map((one, i) => ({ one, i, observations })),
    );
    for (const history of depths) {
      const { careers } = shortHistories(train, history);
      const predicted = careers.flatMap(({ observations, given = 0 }) =>
        observations.slice(given).map((one, i) => ({ one, before: observations.slice(0, given + i) })),
      );
      assert.equal(predicted.length, countPersonYears(train.careers));
      assert.equal(countPredicted(careers), predicted.length);
      predicted.forEach(({ one, before }, n) => {
        const { one: same, i, observations } = whole[n];
        assert.equal(one, same);
        assert.deepEqual(
          before,
          observations.slice(Math.max(0, i - history), i),
          `${history} before ${one.year}`,
        );
      });
      assert.equal(new Set(careers.map(({ person }) => person)).size, careers.length);
    }
    for (const wrong of [-1, 1.5, Number.NaN]) {
      assert.throws(() => shortHistories(train, wrong), /Give a whole number, 0 or more/);
    }
  });

  it("leave a first-order Markov table as it is to the bit from one observation on, and a second-order one from two on", () =>
    withScratchFolder((folder) => {
      const bytes = (order: 1 | 2, history?: number) => {
        const [known, held] = [train, validation].map((part) =>
          history === undefined ? part : shortHistories(part, history),
        );
        writeMarkov(folder, fitMarkov(known, { order, given: ["education"], validation: held.careers }));
        return readdirSync(folder)
          .sort()
          .map((name) => readFileSync(join(folder, name)).toString("base64"));
      };
      const [first, second] = [bytes(1), bytes(2)];
      assert.ok(first.length > 0);
      for (const history of depths) {
        const same = (a: string[], b: string[]) => a.join() === b.join();
        assert.equal(same(bytes(1, history), first), history >= 1, `first order, ${history}`);
        assert.equal(same(bytes(2, history), second), history >= 2, `second order, ${history}`);
      }
    }));

  it("are texts in which the lines of the whole careers' texts are predicted once, and the history is read alone", () => {
    const few = { ...panel, careers: panel.careers.slice(0, 6) };
    const model = tinyLanguageModel(few);
    for (const target of ["titles", "text"] as const) {
      for (const history of [1, 3]) {
        const parts = shortHistories(few, history);
        const texts = trainingTexts(parts, model, {}, target);
        assert.equal(texts.length, parts.careers.length);
        texts.forEach((text, i) => {
          const { given = 0, observations } = parts.careers[i];
          const ids = text instanceof Int32Array ? text : text.ids;
          const spans = predictedSpans(text);
          const read = model.tokenizer.decode(ids.subarray(0, spans[0].start));
          const said = spans
            .map(({ start, end }) => model.tokenizer.decode(ids.subarray(start, end)))
            .join("");
          observations.forEach(({ title, year }, n) => {
            const where = n < given ? read : said;
            assert.ok(
              where.includes(title),
              `${target}, ${year}: ${title} is not in ${JSON.stringify(where)}`,
            );
          });
          // A line that is history is not predicted.
          if (given > 0) assert.ok(!said.includes(`${observations[0].year}`));
        });
        if (target === "titles") {
          const whole = trainingTexts(few, model, {}, target);
          const tokens = (all: typeof whole) => all.reduce((sum, text) => sum + predictedTokens(text), 0);
          assert.equal(tokens(texts), tokens(whole));
        }
      }
    }
  });
});
