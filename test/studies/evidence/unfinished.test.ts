import { strict as assert } from "node:assert";
import { unfinishedNote, unfinishedSentence } from "labor-llm/dist/studies/evidence/unfinished";

describe("A fit whose best epoch is its last", () => {
  const epochs = (...validationLoss: number[]) => ({
    bestEpoch: 1 + validationLoss.indexOf(Math.min(...validationLoss)),
    history: validationLoss.map((loss, i) => ({ epoch: i + 1, trainingLoss: loss, validationLoss: loss })),
  });

  it("is marked in a table and named in its caption; one that has turned, or has no epochs, is not", () => {
    const [falling, turned] = [epochs(3, 2, 1), epochs(3, 1, 2)];
    assert.equal(unfinishedNote(falling), "best epoch is the last (3 of 3)");
    for (const other of [turned, {}, undefined]) assert.equal(unfinishedNote(other), "");
    const outcomes = { LSTM: falling, CAREER: turned, Markov: {} };
    assert.equal(
      unfinishedSentence([
        { survey: "a", outcomes },
        { survey: "b", outcomes: { CAREER: epochs(1) } },
      ]),
      "Fits whose best epoch is the last, so that more training might still help: LSTM on a (3 of 3); CAREER on b (1 of 1).",
    );
    assert.match(unfinishedSentence([{ survey: "a", outcomes: { CAREER: turned } }]), /had turned\.$/);
  });
});
