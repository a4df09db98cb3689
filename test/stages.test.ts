import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileDigest } from "labor-llm/dist/files/digest";
import { bootstrapByPerson } from "labor-llm/dist/metrics/bootstrap";
import { Progress } from "labor-llm/dist/progress";
import { Stages, stage, watchStages } from "labor-llm/dist/stages";
import { withScratchFolder } from "./support/scratch";

describe("The stages of long work", () => {
  /** A clock that stands still unless it is moved, and the lines that were written, with the second of each. */
  const watch = (tick = 0) => {
    const lines: [second: number, line: string][] = [];
    const clock = { ms: 0 };
    const stages = new Stages({
      // Each look at the clock takes so long.
      now: () => {
        clock.ms += tick;
        return clock.ms;
      },
      write: (line) => lines.push([clock.ms / 1000, line]),
    });
    return { stages, clock, lines };
  };

  it("are told after five seconds without a line, with how much is done, and not before", () => {
    const { stages, clock, lines } = watch();
    const step = stages.begin("reading the weights", 236, "tensors");
    for (let tensor = 1; tensor <= 236; tensor++) {
      clock.ms += 100;
      step(tensor);
    }
    assert.deepEqual(
      lines.map(([second]) => second),
      [5, 10, 15, 20],
    );
    assert.equal(lines[0][1], "reading the weights: 50 of 236 tensors\n");
  });

  it("are named when they begin after such a silence, since they may be one call that tells nothing", () => {
    const { stages, clock, lines } = watch();
    stages.begin("making the tokenizer", undefined, "tokens");
    clock.ms += 6000;
    stages.begin("compiling", undefined, "graphs");
    assert.deepEqual(lines, [[6, "compiling: 0 graphs\n"]]);
  });

  it("are silent while another line was just printed, or a bar is on the terminal", () => {
    const { stages, clock, lines } = watch();
    const step = stages.begin("hashing", 10, "MB");
    clock.ms += 4000;
    stages.said();
    clock.ms += 4000;
    step(1);
    stages.bars++;
    clock.ms += 60_000;
    step(2);
    assert.deepEqual(lines, []);
    stages.bars--;
    step(3);
    assert.deepEqual(lines, [[68, "hashing: 3 of 10 MB\n"]]);
  });

  it("of a process are told by whoever watches them, from the work itself, and by nobody before", () => {
    const { stages, lines } = watch(2000);
    stage("unwatched", 1, "step")(1);
    const stop = watchStages(stages);
    try {
      withScratchFolder((folder) => {
        writeFileSync(join(folder, "weights.bin"), Buffer.alloc(8 << 20));
        fileDigest(join(folder, "weights.bin"));
      });
      bootstrapByPerson(2, () => [1], { replications: 20 });
    } finally {
      stop();
    }
    const said = lines.map(([, line]) => line).join("");
    assert.match(said, /^reading weights\.bin: [\d.]+ of [\d.]+ MB\n/);
    assert.match(said, /^bootstrap over persons: \d+ of 20 resamples\n/m);
    const before = lines.length;
    stage("unwatched", 1, "step")(1);
    assert.equal(lines.length, before);
  });

  it("are told beside a progress line, whose first comes after five seconds and the next every fifteen", () => {
    const clock = { ms: 0 };
    const lines: string[] = [];
    const { write, isTTY } = process.stderr;
    process.stderr.isTTY = false;
    process.stderr.write = ((line: string) => lines.push(`${clock.ms / 1000} ${line}`) > 0) as typeof write;
    try {
      const bar = new Progress({ label: "fit", total: 40, unit: "steps", now: () => clock.ms });
      for (let second = 1; second <= 40; second++) {
        clock.ms += 1000;
        bar.update(second);
      }
      bar.stop();
    } finally {
      process.stderr.write = write;
      process.stderr.isTTY = isTTY;
    }
    assert.deepEqual(lines, [
      "5 fit 5 of 40 steps, 1 steps/s, 35 s left\n",
      "20 fit 20 of 40 steps, 1 steps/s, 20 s left\n",
      "35 fit 35 of 40 steps, 1 steps/s, 5 s left\n",
    ]);
  });
});
