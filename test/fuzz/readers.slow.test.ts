import { strict as assert } from "node:assert";
import { type FuzzRun, fuzz } from "./driver";
import { fuzzedReaders } from "./readers";

describe("every reader", () => {
  it("reads a damaged file or refuses it in one line, in bounded time and memory", async function () {
    this.timeout(0); // the driver has a limit of time for each case
    const seed = Number(process.env.LABOR_LLM_TEST_SEED ?? 1);
    const names = Object.keys(fuzzedReaders);
    const runs: FuzzRun[] = [];
    const work = async () => {
      for (let name = names.shift(); name !== undefined; name = names.shift()) {
        runs.push(await fuzz(name, { seed, first: 0, count: 8 }));
      }
    };
    await Promise.all([work(), work()]);
    assert.deepEqual(
      runs.flatMap(({ failures }) => failures),
      [],
    );
    const sum = (key: "read" | "refused") => runs.reduce((total, run) => total + run[key], 0);
    assert.ok(sum("read") > 10 && sum("refused") > 50, `${sum("read")} read, ${sum("refused")} refused`);
  });
});
