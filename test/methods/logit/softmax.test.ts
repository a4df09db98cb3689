import { readFileSync } from "node:fs";
import { designBlock } from "labor-llm/dist/methods/logit/design";
import { fitRidge } from "labor-llm/dist/methods/logit/ridge";
import {
  eachLogProbability,
  type SoftmaxProblem,
  softmaxObjective,
} from "labor-llm/dist/methods/logit/softmax";
import { Random } from "labor-llm/dist/random";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";

/** Rows with some features of each of several blocks, as a dense matrix too. */
function randomProblem(blocks: number, excluding: boolean) {
  const random = new Random("softmax", blocks);
  const [N, J, K] = [30, 4, 3 * blocks];
  const dense = Array.from({ length: N }, () => new Float64Array(K));
  const design = {
    rows: N,
    features: K,
    blocks: Array.from({ length: blocks }, (_, b) => {
      const values = Array.from({ length: 4 }, () => [random.normal(), random.normal()]);
      const which = Array.from({ length: N }, () => random.integer(4));
      which.forEach((w, n) => {
        dense[n][3 * b + (w % 3)] += values[w][0];
        dense[n][3 * b + 2] += values[w][1];
      });
      return designBlock(which.map(String), (n) => [
        { feature: 3 * b + (which[n] % 3), value: values[which[n]][0] },
        { feature: 3 * b + 2, value: values[which[n]][1] },
      ]);
    }),
  };
  const target = Int32Array.from({ length: N }, () => random.integer(J));
  const problem: SoftmaxProblem = {
    design,
    classes: J,
    offset: Float64Array.from({ length: J }, () => random.normal()),
    target,
    excluded: excluding ? target.map((j, n) => (n % 3 === 0 ? -1 : (j + 1) % J)) : undefined,
  };
  const weights = Float64Array.from({ length: K * J }, () => random.normal());
  return { problem, dense, weights };
}

describe("The sparse multinomial logit", () => {
  for (const blocks of [1, 4, 6]) {
    for (const excluding of [false, true]) {
      it(`has the probabilities and slopes of the dense formula, ${blocks} blocks${excluding ? ", a class excluded" : ""}`, () => {
        const { problem, dense, weights } = randomProblem(blocks, excluding);
        const { classes: J, target, offset, excluded } = problem;
        const loss = (w: Float64Array, visit?: (n: number, logP: number[]) => void) => {
          let sum = 0;
          dense.forEach((x, n) => {
            const logits = Array.from({ length: J }, (_, j) =>
              excluded?.[n] === j
                ? -Infinity
                : x.reduce((z, value, k) => z + value * w[k * J + j], offset[j]),
            );
            const total = Math.log(logits.reduce((z, logit) => z + Math.exp(logit), 0));
            visit?.(
              n,
              logits.map((logit) => logit - total),
            );
            sum += total - logits[target[n]];
          });
          return sum;
        };
        const expected: number[][] = [];
        loss(weights, (_, row) => expected.push(row));
        const found: number[][] = [];
        eachLogProbability(problem, weights, (_, row) => found.push([...row]));
        expectClose(found.flat(), expected.flat(), 1e-12);

        const gradient = new Float64Array(weights.length);
        expectClose([softmaxObjective(problem)(weights, gradient)], [loss(weights)], 1e-10);
        const slopes = weights.map((_, i) => {
          const at = (step: number) => loss(weights.map((w, k) => (k === i ? w + step : w)));
          return (at(1e-5) - at(-1e-5)) / 2e-5;
        });
        expectClose(gradient, slopes, 1e-6);
      });
    }
  }

  it("with a ridge has scikit-learn's weights", async () => {
    const golden = JSON.parse(readFileSync(fixture("logit", "golden.json"), "utf8")).ridge;
    const x: number[][] = golden.x;
    const problem: SoftmaxProblem = {
      design: {
        rows: x.length,
        features: 5,
        blocks: [
          designBlock(
            x.map((_, n) => String(n).padStart(3, "0")),
            (n) => x[n].map((value, feature) => ({ feature, value })),
          ),
        ],
      },
      classes: 3,
      offset: new Float64Array(3),
      target: Int32Array.from(golden.y),
    };
    const fit = await fitRidge(softmaxObjective(problem), new Float64Array(15).fill(10), undefined, {
      ridge: golden.ridge,
      tolerance: 1e-16,
    });
    expectClose(fit.weights, golden.weights.flat(), 1e-6);
  });
});
