import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Experiment, runExperiment, splitOf, type TitleDistribution } from "labor-llm";
import { DamagedFile } from "labor-llm/dist/errors";
import {
  predictionsFile,
  readPredictions,
  writePredictions,
} from "labor-llm/dist/experiments/cache/cached-predictions";
import { predictionsFolder } from "labor-llm/dist/experiments/experiment";
import { observedScores } from "labor-llm/dist/predictions";
import { writeDistribution } from "labor-llm/dist/predictions/distribution-file";
import { dependentModels } from "../../metrics/distributions";
import { ownRuns } from "../../support/own-runs";
import { withScratchFolder } from "../../support/scratch";
import { stderrOf } from "../../support/stderr";

/** A distribution as predictions of the observed titles only were kept in it: nothing else is known. */
function ofObservedAlone(distribution: TitleDistribution): TitleDistribution {
  const { observed, titles } = distribution;
  return {
    ...distribution,
    logProbability: distribution.logProbability.map((logP, i) =>
      i % titles.size === observed[Math.floor(i / titles.size)] ? logP : Number.NaN,
    ),
    validMass: distribution.validMass.map(() => Number.NaN),
  };
}

describe("Predictions on disk", () => {
  ownRuns();
  const { a } = dependentModels(8, 3);
  const scores = observedScores(a);

  it("are read as they were written, full and of the observed titles only", async () => {
    await withScratchFolder((folder) => {
      writePredictions(join(folder, "full"), { scores, distribution: a });
      assert.deepEqual(readPredictions(join(folder, "full"), false), { scores, distribution: a });
      assert.ok(!existsSync(predictionsFile(join(folder, "full"), true)));
      writePredictions(join(folder, "observed"), { scores });
      assert.deepEqual(readPredictions(join(folder, "observed"), true), { scores });
      assert.throws(() => readPredictions(join(folder, "observed"), false), DamagedFile);
      writeFileSync(predictionsFile(join(folder, "observed"), true), "cut");
      assert.throws(() => readPredictions(join(folder, "observed"), true), DamagedFile);
    });
  });

  it("of the observed titles only are read from the distributions without other numbers that they were kept in", async () => {
    await withScratchFolder((folder) => {
      for (const [name, earlier] of Object.entries({ alone: ofObservedAlone(a), full: a })) {
        const own = join(folder, name);
        mkdirSync(own);
        writeDistribution(predictionsFile(own, false), earlier);
        assert.deepEqual(readPredictions(own, true), { scores }, name);
        // Once; then they are as those that are written now.
        assert.ok(existsSync(predictionsFile(own, true)));
        assert.deepEqual(readPredictions(own, true), { scores }, name);
      }
    });
  });

  it("that an earlier version kept stand for an experiment", async () => {
    const experiment: Experiment = {
      ...{ survey: "nlsy-young-men", method: "markov", seed: 1, observedOnly: true },
      persons: { train: 20, validation: 5, test: 6 },
    };
    const made = await runExperiment(experiment);
    const { distribution } = await runExperiment({ ...experiment, observedOnly: false });
    const folder = await predictionsFolder(experiment, splitOf(experiment));
    const file = predictionsFile(folder, true);
    assert.ok(existsSync(file));
    // As it was: without the file of scores.
    rmSync(file);
    writeDistribution(predictionsFile(folder, false), ofObservedAlone(distribution));
    const said = await stderrOf(async () => assert.deepEqual(await runExperiment(experiment), made));
    assert.deepEqual(said, []);
  });
});
