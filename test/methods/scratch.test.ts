import { strict as assert } from "node:assert";
import { join } from "node:path";
import { methodNamed, openModelFolder, settingsOf } from "labor-llm/dist/methods";
import { surprisal } from "labor-llm/dist/metrics";
import { scoreObserved } from "labor-llm/dist/predictions/score-observed";
import { literalWording } from "labor-llm/dist/text";
import { withScratch } from "../support/scratch";
import { fewYoungMen, fitSmall, smallSettings, writeTinyBase } from "./small-fits";

describe("A fine-tuned model from random weights", () => {
  const split = fewYoungMen();
  const { train, validation } = split;
  const settings = (base: string, more: object = {}) => ({
    ...smallSettings("fine-tuned", base),
    scratch: { layers: 1, width: 16 },
    ...more,
  });
  const fitted = (settings: object, seed: number, from?: string) => {
    const method = methodNamed("fine-tuned");
    const task = { train, validation, wording: literalWording, seed, from };
    return method.fit({ ...task, settings: settingsOf(method, settings) });
  };

  it("is a function of its seed, not of the base model's weights, and is opened again as it was", async () => {
    await withScratch(async (folder) => {
      const bases = [1, 3].map((seed) => writeTinyBase(join(folder, `base-${seed}`), split, seed));
      const answers = async (base: string, seed: number) => {
        const { model, parameters } = await fitted(settings(base), seed);
        return { parameters, nats: surprisal(await scoreObserved(model, split.test.careers)) };
      };
      const [own, other, again, reseeded] = [
        await answers(bases[0], 1),
        await answers(bases[1], 1),
        await answers(bases[0], 1),
        await answers(bases[0], 2),
      ];
      assert.deepEqual(own, again);
      assert.deepEqual(own, other);
      assert.notDeepEqual(own.nats, reseeded.nats);

      const kept = join(folder, "kept");
      await fitSmall("fine-tuned", settings(bases[0]), split, kept);
      const { model } = await openModelFolder(kept);
      assert.deepEqual(surprisal(await scoreObserved(model, split.test.careers)), own.nats);
    });
  });

  it("can stand under no adapter, nor go on from another model", async () => {
    assert.throws(
      () => settingsOf(methodNamed("fine-tuned"), settings("tiny", { lora: { rank: 2 }, adapterOnly: true })),
      { name: "UserError", message: /adapterOnly: random weights are no base model/ },
    );
    await assert.rejects(fitted(settings("tiny"), 1, "elsewhere"), {
      name: "UserError",
      message: /goes on from another has its weights/,
    });
  });
});
