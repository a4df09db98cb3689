import { z } from "zod";
import { pooled } from "../../careers";
import { amounts } from "../../ranges";
import type { Method } from "../method";
import { numberSetting } from "../setting-ranges";
import { validationReport } from "../validation-loss";
import { fitEmpirical, readEmpirical, writeEmpirical } from "./empirical";
import { fitMarkov } from "./markov";
import { readMarkov, writeMarkov } from "./markov-files";

const pseudoCounts = numberSetting(amounts);

const empiricalSettings = z.strictObject({
  /** Pseudo-counts a title. */
  smoothing: pseudoCounts.default(1),
});

export const empirical: Method<z.infer<typeof empiricalSettings>> = {
  id: "empirical",
  code: __filename,
  label: "Empirical shares",
  summary: "the titles' shares in the training person-years, whatever came before",
  settings: empiricalSettings,
  pools: true,
  learnsFromParts: true,
  needs: () => ["train"],
  async fit({ train, pool, settings }) {
    const model = fitEmpirical(pooled(train, pool), { ...settings, name: empirical.label });
    return { model, parameters: train.titles.size - 1, save: (folder) => writeEmpirical(folder, model) };
  },
  open: async ({ folder, titles }) => readEmpirical(folder, titles),
};

const markovSettings = z.strictObject({
  /** Titles before the current one that a transition depends on. */
  order: z.union([z.literal(1), z.literal(2)]).default(1),
  given: z.array(z.literal("education")).default([]),
  /** What a row of few observations backs off to. */
  backOff: z.enum(["stay or move", "additive"]).default("stay or move"),
  /** Pseudo-counts of the back-off; chosen on the validation persons by default. */
  alpha: pseudoCounts.optional(),
  /** Pseudo-counts a title in the shares of all person-years; chosen likewise by default (additive: 1). */
  smoothing: pseudoCounts.optional(),
});

export const markov: Method<z.infer<typeof markovSettings>> = {
  id: "markov",
  code: __filename,
  label: "Markov",
  summary: "transition tables of first or second order, given education or not, with back-off",
  settings: markovSettings,
  pools: true,
  learnsFromParts: true,
  needs: ({ alpha }) => (alpha === undefined ? ["train", "validation"] : ["train"]),
  async fit({ train, pool, validation, settings }) {
    const model = fitMarkov(pooled(train, pool), { validation: validation.careers, ...settings });
    return {
      model,
      parameters: model.parameters,
      ...(settings.alpha === undefined ? await validationReport(model, validation) : {}),
      save: (folder) => writeMarkov(folder, model),
    };
  },
  open: async ({ folder, titles }) => readMarkov(folder, titles),
};
