import { strict as assert } from "node:assert";
import fc from "fast-check";
import { UserError } from "labor-llm";
import { type Measurement, measureNormalisedPerplexity, measurePerplexity } from "labor-llm/dist/metrics";
import { studentQuantile } from "labor-llm/dist/metrics/student";
import { standingsInWords } from "labor-llm/dist/results";
import { dependentModels, scoresOf } from "../metrics/distributions";

const models = dependentModels(60, 5);

describe("standingsInWords", () => {
  const kinds = ["all"] as const;
  const numbers = measurePerplexity("s", scoresOf(models), { kinds, replications: 100 });
  const normalised = measureNormalisedPerplexity("s", models, { kinds, replications: 100 });
  const [{ persons, personYears }] = numbers;
  /** A difference of perplexities, and one in nats that is a hundredth of it unless said. */
  const model = (
    name: string,
    difference: number,
    error: number,
    nats = difference / 100,
    natsError = error / 100,
    perplexity = 4,
  ): Measurement[] => {
    const measured = (
      measure: Measurement["measure"],
      value: number,
      standardError: number,
    ): Measurement => ({
      ...{ survey: "s", model: name, on: { transition: "all" }, measure, persons, personYears },
      ...(measure === "perplexity" ? {} : { against: "Fine-tuned" }),
      estimate: {
        ...{ value, standardError },
        interval: [value - 1.96 * standardError, value + 1.96 * standardError],
      },
    });
    return [
      measured("perplexity", perplexity, 0.1),
      measured("perplexity difference", difference, error),
      measured("log-loss difference", nats, natsError),
    ];
  };
  const reference = model("Fine-tuned", 0, 0);
  const words = (...models: Measurement[][]) => standingsInWords([...reference, ...models.flat()]);

  it("says side, size and error of each difference, and whether it is beyond its error", () => {
    assert.equal(
      words(model("Off-the-shelf", 210.3, 12.1), model("Markov", -0.05, 0.03)),
      "Perplexity: Fine-tuned is 210 (standard error 12) below Off-the-shelf, 2.10 (0.12) nats; " +
        "0.050 (0.030) above Markov, 0.00050 (0.00030) nats, no difference beyond its error.",
    );
    assert.equal(
      words(model("Empirical", 0, NaN, 0, NaN, Infinity)),
      "Perplexity: Fine-tuned is below Empirical, which held a title impossible that happened (infinite perplexity).",
    );
    assert.throws(() => words(), UserError);
    assert.match(standingsInWords(numbers), /^Perplexity: a is .* b/);
    assert.match(
      standingsInWords(normalised, { measure: "normalised perplexity" }),
      /^Perplexity, normalised: a is .* b/,
    );
  });

  it("judges by the mean difference of log-probability where a heavy tail drowns that of perplexity", () => {
    assert.equal(
      words(model("Off-the-shelf", 48_000, 42_000, 8.66, 0.12)),
      "Perplexity: Fine-tuned is 48000 (standard error 42000) below Off-the-shelf, 8.66 (0.12) nats.",
    );
  });

  it("cannot contradict its numbers", () => {
    const difference = fc.double({ min: -500, max: 500, noNaN: true }).filter((x) => Math.abs(x) > 1e-6);
    const error = fc.double({ min: 1e-5, max: 500, noNaN: true });
    fc.assert(
      fc.property(difference, error, (d, e) => {
        const sentence = words(model("Markov", d, e));
        const [, size, printedError, side] =
          /is ([\d.]+) \(standard error ([\d.]+)\) (below|above) Markov/.exec(sentence) ?? [];
        assert.equal(side, d > 0 ? "below" : "above");
        assert.ok(
          Math.abs(Number(size) - Math.abs(d)) <= 0.051 * e &&
            Math.abs(Number(printedError) - e) <= 0.051 * e,
        );
        // Student's t of so many persons.
        const reach = studentQuantile(0.975, persons - 1);
        assert.equal(sentence.includes("no difference"), Math.abs(d) <= reach * e);
      }),
      { seed: 11 },
    );
  });
});
