import { strict as assert } from "node:assert";
import { published } from "labor-llm/dist/results";
import { MARK_WORDING, quote } from "labor-llm/dist/results/published";

describe("published numbers", () => {
  it("are quoted with the wording of their mark, and agree with the paper's order of models", () => {
    for (const [name, group] of Object.entries(published)) {
      for (const [own, entry] of Object.entries(group)) {
        assert.ok(quote(entry).endsWith(MARK_WORDING[entry.mark]));
        assert.equal(entry.id, `${name}.${own}`);
      }
    }
    assert.equal(quote(published.perplexity.fineTuned7B), "8.184, as reported (secondary source)");
    const p = published.perplexity;
    const order = [
      p.fineTuned7BPooled,
      p.fineTuned13B,
      p.fineTuned7B,
      p.career,
      p.fineTuned7BNumericTitles,
      p.offTheShelf7B,
    ].map(({ number }) => number);
    assert.deepEqual(
      order,
      [...order].sort((x, y) => x - y),
    );
  });
});
