import { strict as assert } from "node:assert";
import { mock } from "node:test";
import { afterMilliseconds } from "labor-llm/dist/notebook/after";

describe("a time limit", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("of any length runs out when it should, also beyond what one of Node's timers can wait", () => {
    const longest = 2 ** 31 - 1;
    for (const limit of [5, longest, longest + 1, 3_000_000_000, 3 * longest + 7]) {
      let calls = 0;
      afterMilliseconds(limit, () => calls++);
      for (let left = limit - 1; left > 0; left -= longest) mock.timers.tick(Math.min(left, longest));
      assert.equal(calls, 0, `${limit} ms ran out early`);
      mock.timers.tick(1);
      assert.equal(calls, 1, `${limit} ms did not run out`);
    }
  });

  it("is forgotten when that is asked, and an infinite one never runs out", () => {
    let calls = 0;
    const stop = afterMilliseconds(3_000_000_000, () => calls++);
    afterMilliseconds(Number.POSITIVE_INFINITY, () => calls++);
    mock.timers.tick(2_500_000_000 % 2 ** 31);
    stop();
    for (let i = 0; i < 3; i++) mock.timers.tick(2 ** 31 - 1);
    assert.equal(calls, 0);
  });
});
