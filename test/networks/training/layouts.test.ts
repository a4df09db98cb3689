import { strict as assert } from "node:assert";
import fc from "fast-check";
import { cheapestBlocks } from "labor-llm/dist/networks/training/blocks";
import { planLayouts } from "labor-llm/dist/networks/training/layouts";
import type { SequenceBlock } from "labor-llm/dist/operations/causal-attention";

describe("Layouts of texts", () => {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const text = fc.integer({ min: 2, max: 300 });
  const steps = fc.array(fc.array(text, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 30 });
  const identity = {
    sizeOf: (size: number) => size,
    targetsOf: (size: number) => size - 1,
    rowPrice: 1000,
    parameters: 1e9,
  };

  it("hold every text of every step they were made for, with an empty cell at the end of rows and of blocks", () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(Number.POSITIVE_INFINITY, 700), (run, atOnce) => {
        const plan = planLayouts(run, atOnce, identity);
        if (plan === undefined) return;
        assert.ok(plan.layouts.length >= 1 && plan.layouts.length <= 4);
        for (const step of run) {
          const calls = plan.cut(step);
          assert.ok(calls !== undefined, "the step fits");
          const sorted = (sizes: readonly number[]) => [...sizes].sort((a, b) => a - b);
          assert.deepEqual(sorted(calls.flatMap(({ texts }) => texts)), sorted(step));
          for (const { texts, layout } of calls) {
            const { rows, blocks, targets } = plan.layouts[layout];
            const lengths = blocks.flatMap((block) => new Array<number>(block.rows).fill(block.length));
            assert.ok(texts.every((size, i) => size <= lengths[i]));
            assert.ok(texts.length < lengths.length || texts[texts.length - 1] < lengths[lengths.length - 1]);
            assert.ok(sum(texts) < rows);
            assert.ok(sum(texts.map((size) => size - 1)) <= targets);
          }
        }
      }),
    );
  });

  it("leave little of the rows unused where steps differ in size, in several layouts", () => {
    const run = Array.from({ length: 80 }, (_, i) =>
      Array.from({ length: 8 }, (_, t) => 40 + 20 * (i % 4) + t),
    );
    const plan = planLayouts(run, Number.POSITIVE_INFINITY, identity)!;
    assert.equal(plan.layouts.length, 4);
    for (const step of run) {
      const [{ layout }] = plan.cut(step)!;
      assert.equal(plan.layouts[layout].rows, sum(step) + 1);
    }
  });

  it("refuse a step that is larger than those they were made for, and one that fills the last cell", () => {
    const run = Array.from({ length: 30 }, () => [50, 40]);
    const plan = planLayouts(run, Number.POSITIVE_INFINITY, identity)!;
    assert.equal(plan.cut([50, 41]), undefined);
    assert.equal(plan.cut([50, 40, 2]), undefined);
    assert.equal(plan.cut([51]), undefined);
    assert.ok(plan.cut([45]) !== undefined);
  });

  it("are not made where most of them would be empty", () => {
    // Steps of the same size: one of a long text and short ones, one of texts of like length.
    const long = [300, ...new Array<number>(9).fill(2)];
    const alike = [...new Array<number>(3).fill(36), ...new Array<number>(7).fill(30)];
    const run = Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? long : alike));
    assert.equal(planLayouts(run, Number.POSITIVE_INFINITY, { ...identity, rowPrice: 0 }), undefined);
  });

  it("have the cheapest blocks that there are: against all ways of cutting a list", () => {
    const cuts = (n: number): number[][] =>
      n === 0
        ? [[]]
        : Array.from({ length: n }, (_, i) => i + 1).flatMap((k) => cuts(n - k).map((rest) => [k, ...rest]));
    const lengths = fc.array(text, { minLength: 1, maxLength: 9 }).map((list) => list.sort((a, b) => b - a));
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 4 }), fc.nat(200), (list, most, fixed) => {
        const costOf = ({ rows, length }: SequenceBlock) => rows * length + fixed;
        const costs = cuts(list.length)
          .filter((cut) => cut.length <= most)
          .map((cut) => {
            let at = 0;
            return sum(
              cut.map((rows) => {
                const block = { rows, length: list[at] };
                at += rows;
                return costOf(block);
              }),
            );
          });
        const found = cheapestBlocks(list, costOf, most);
        assert.ok(found.length <= most);
        assert.equal(sum(found.map(costOf)), Math.min(...costs));
        assert.equal(sum(found.map(({ rows }) => rows)), list.length);
      }),
    );
  });
});
