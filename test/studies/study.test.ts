import { strict as assert } from "node:assert";
import {
  adaptation,
  careerSize,
  languageSize,
  mixing,
  type NamedExperiment,
  ownShare,
  planRows,
  pooling,
} from "labor-llm";
import { profileNamed } from "labor-llm/dist/experiments/profile/profile";
import type { DoseLine } from "labor-llm/dist/results/figures";

describe("A study's plan", () => {
  const profile = profileNamed("quick");
  type Planned = Record<string, () => { rows: NamedExperiment[]; lines?: DoseLine[] }>;
  const plans: Planned = {
    "own share": () => ownShare.plan(profile),
    pooling: () => pooling.plan(profile),
    mixing: () => {
      const { thirty, all, lines } = mixing.plan(profile);
      return { rows: [...thirty, ...all], lines };
    },
    "career size": () => careerSize.plan(profile),
    "language size": () => {
      const { models, lines } = languageSize.plan(profile);
      return { rows: models.flatMap(({ rows, trials }) => [...rows, ...trials]), lines };
    },
    adaptation: () => {
      const { rows, trials } = adaptation.plan(profile);
      return { rows: [...rows, ...trials] };
    },
  };
  for (const [name, planned] of Object.entries(plans)) {
    it(`names each row once, and its lines go through rows: ${name}`, () => {
      const { rows, lines = [] } = planned();
      const labels = rows.map(({ label }) => label);
      assert.equal(new Set(labels).size, labels.length);
      assert.deepEqual(
        planRows(rows).map(({ row }) => row),
        labels,
      );
      const points = lines.flatMap((line) => line.points.map(({ model }) => model));
      assert.deepEqual(
        points.filter((model) => !labels.includes(model)),
        [],
      );
    });
  }
});
