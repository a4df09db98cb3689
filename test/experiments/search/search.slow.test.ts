import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitExperiment, searchRows } from "labor-llm";
import { withRunsIn } from "labor-llm/dist/experiments/cache/runs";
import { overlaid } from "labor-llm/dist/experiments/profile/overlay";
import { profileNamed, settingsOn } from "labor-llm/dist/experiments/profile/profile";
import { searchSpaces } from "labor-llm/dist/experiments/profile/search-space";
import { readTuned, searchOf, tunedPath } from "labor-llm/dist/experiments/profile/tuned";
import {
  ablationNames,
  ablationSearch,
  ablationSettings,
} from "labor-llm/dist/experiments/search/ablation-searches";
import { searchSettings } from "labor-llm/dist/experiments/search/search";
import { methodNamed, settingsOf } from "labor-llm/dist/methods";

describe("A search for settings", () => {
  let runs: string;
  before(() => {
    runs = mkdtempSync(join(tmpdir(), "labor-llm-search-"));
  });
  after(() => rmSync(runs, { recursive: true }));

  const experiment = {
    survey: "synthetic-nlsy97",
    method: "bag-of-jobs",
    persons: { train: 20, validation: 10, test: 5 },
    seed: 1,
  };

  it("goes from dimension to dimension with the best so far, and chooses the least validation loss", async function () {
    this.timeout(120_000);
    const rate = (learningRate: number) => ({ training: { learningRate } });
    const space = {
      start: { width: 8, training: { learningRate: 1e-6, epochs: 2 } },
      dimensions: [
        { name: "rate", tried: [rate(1e-2), rate(1e-5)] },
        { name: "width", tried: [{ width: 4 }] },
        { name: "rate again", tried: [rate(1e-2)] }, // has been tried
      ],
    };
    const { fits, chosen } = await withRunsIn(runs, () => searchSettings(experiment, space, "search"));
    assert.deepEqual(
      fits.map(({ dimension, settings }) => [dimension, settings]),
      [
        ["start", space.start],
        ["rate", { width: 8, training: { learningRate: 1e-2, epochs: 2 } }],
        ["rate", { width: 8, training: { learningRate: 1e-5, epochs: 2 } }],
        ["width", { width: 4, training: { learningRate: 1e-2, epochs: 2 } }],
      ],
    );
    const best = fits.reduce((least, fit) => (fit.validationLoss < least.validationLoss ? fit : least));
    assert.equal(chosen, best.settings);
    assert.ok(fits[1].validationLoss < fits[0].validationLoss - 0.1, "a rate of a millionth learns nothing");
  });

  it("lays settings over others: those of the training one by one, a batch as a whole", () => {
    const under = { width: 8, training: { epochs: 3, batch: { tokens: 9 } } };
    const over = { training: { batch: { texts: 2 } } };
    assert.deepEqual(overlaid(under, over), { width: 8, training: { epochs: 3, batch: { texts: 2 } } });
    assert.deepEqual(overlaid(under, {}), under);
  });

  it("tries settings that its method has, with as many fits for a baseline as for the language model", () => {
    const fits: Record<string, number> = {};
    for (const [name, { start, dimensions }] of Object.entries(searchSpaces)) {
      const method = methodNamed(name === "career-pretrained" ? "career" : name);
      const tried = dimensions.flatMap((one) => one.tried);
      for (const settings of tried) assert.ok(settingsOf(method, overlaid(start, settings)));
      fits[name] = 1 + tried.length;
    }
    const { "fine-tuned": language, "career-pretrained": second, ...scratch } = fits;
    for (const [name, count] of Object.entries(scratch)) assert.ok(count >= language, `${name}: ${count}`);
    assert.ok(second >= 6, "sizes are those of the first stage");
  });

  describe("of the quick profile", () => {
    const profile = profileNamed("quick");
    const { searches } = readTuned("quick");

    it("is kept for every survey and method that is searched, and what it chose is its least validation loss", () => {
      assert.ok(existsSync(tunedPath("quick")));
      for (const plan of profile.surveys) {
        for (const method of Object.keys(searchSpaces)) {
          // The résumés share no title with the young men's nine.
          if (method === "career-pretrained" && plan.survey === "nlsy-young-men") continue;
          const search = searchOf({ profile: "quick", searches }, method, plan, profile.seed);
          assert.ok(search, `${plan.survey}, ${method}: labor-llm tune`);
          const best = search.fits.reduce((least, fit) =>
            fit.validationLoss < least.validationLoss ? fit : least,
          );
          assert.deepEqual(search.chosen, best.settings);
          const own = settingsOn(profile, plan, method);
          assert.deepEqual(own, overlaid(profile.settings[method] ?? {}, search.chosen));
        }
      }
    });

    it("is of fits that this code still makes", async function () {
      this.timeout(120_000);
      const [{ survey, persons }] = profile.surveys.slice(1);
      const search = searchOf(
        { profile: "quick", searches },
        "bag-of-jobs",
        { survey, persons },
        profile.seed,
      )!;
      const settings = overlaid(profile.settings["bag-of-jobs"], search.chosen);
      const { model, validationLoss } = await withRunsIn(runs, () =>
        fitExperiment({ survey, method: "bag-of-jobs", settings, persons, seed: profile.seed }),
      );
      model.dispose?.();
      const kept = search.fits.find((fit) => JSON.stringify(fit.settings) === JSON.stringify(search.chosen))!;
      assert.ok(
        Math.abs(validationLoss! - kept.validationLoss) < 1e-3,
        `${validationLoss} ${kept.validationLoss}`,
      );
    });

    it("is a table: every fit with its settings as the command line takes them, one of each search chosen", () => {
      const rows = searchRows(profile);
      assert.equal(
        rows.length,
        searches.reduce((sum, { fits }) => sum + fits.length, 0),
      );
      assert.equal(rows.filter(({ chosen }) => chosen === "chosen").length, searches.length);
      for (const { settings } of rows) assert.match(settings, /^([a-zA-Z.]+=[a-z0-9.-]+ ?)+$/);
    });

    it("chose how the experiments on a law are trained, the same persons validating", () => {
      for (const name of ablationNames) {
        const { survey, persons, seed, settings } = ablationSearch(profile, name).experiment;
        const search = searchOf({ profile: "quick", searches }, name, { survey, persons: persons! }, seed);
        assert.ok(search, `${name}: labor-llm tune --method ${name}`);
        assert.deepEqual(ablationSettings(profile, name), overlaid(settings!, search.chosen));
      }
    });

    it("is not laid over another number of persons", () => {
      const [{ survey }] = profile.surveys.slice(1);
      const plan = { survey, persons: { train: 7 } };
      assert.deepEqual(settingsOn(profile, plan, "bag-of-jobs"), profile.settings["bag-of-jobs"]);
    });
  });
});
