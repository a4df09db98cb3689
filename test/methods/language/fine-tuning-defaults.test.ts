import assert from "node:assert/strict";
import { paperMethods } from "labor-llm";
import { profiles } from "labor-llm/dist/experiments/profile/profile";
import { methodNamed, settingsOf } from "labor-llm/dist/methods";

describe("How a language model is fine-tuned unless its user says otherwise", () => {
  const method = methodNamed("fine-tuned");

  it("is how the profile of its base model fine-tunes it where no search was made, setting by setting", () => {
    for (const [name, base] of [
      ["quick", "tiny"],
      ["standard", "gemma-3-270m"],
    ]) {
      const profile = profiles[name]();
      assert.equal(profile.base, base);
      const [first] = profile.surveys;
      const plan = { ...first, persons: { ...first.persons, train: 33 } };
      const row = paperMethods({ ...profile, missing: [] }, plan).find(
        ({ label }) => label === "Fine-tuned",
      )!;
      const { neglect } = plan;
      const own = neglect === undefined ? {} : { neglect }; // of scoring, which a survey's plan says
      assert.deepEqual(settingsOf(method, { base, ...own }), settingsOf(method, row.experiment.settings!));
    }
  });

  it("gives way to what the user says, and is complete, so that a card tells all", () => {
    const said = { base: "tiny", vocabulary: "full", training: { epochs: 7, batch: { texts: 5 } } };
    const settings = settingsOf(method, said) as { training: object; vocabulary: string };
    assert.deepEqual(settings.training, { epochs: 7, learningRate: 1e-3, batch: { texts: 5 } });
    assert.equal(settings.vocabulary, "full");
    assert.deepEqual(settingsOf(method, settings), settings);
  });

  it("takes a higher learning rate for LoRA, whose alpha is twice its rank", () => {
    const { lora, training } = settingsOf(method, { lora: { rank: 8 } }) as {
      lora: object;
      training: { learningRate: number };
    };
    assert.deepEqual(lora, { rank: 8, alpha: 16 });
    assert.equal(training.learningRate, 1e-2);
  });
});
