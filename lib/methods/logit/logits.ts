import { z } from "zod";
import type { OccupationModel } from "../../predictions";
import { amounts } from "../../ranges";
import type { FitTask, Method } from "../method";
import { numberSetting } from "../setting-ranges";
import { isChoice, validationReport } from "../validation-loss";
import { logitTerms } from "./features";
import {
  readMultinomialLogit,
  readTwoStageRegression,
  writeMultinomialLogit,
  writeTwoStageRegression,
} from "./logit-files";
import { fitMultinomialLogit, type LogitOptions } from "./multinomial-logit";
import { fitTwoStageRegression } from "./two-stage-regression";

const penalty = numberSetting(amounts);

const logitSettings = z.strictObject({
  /** The ridge penalty, or those to choose from by validation loss. */
  ridge: z.union([penalty, z.array(penalty).nonempty()]).optional(),
  /** What the titles depend on. */
  terms: z.array(z.enum(logitTerms)).nonempty().optional(),
});
type LogitSettings = z.infer<typeof logitSettings>;

const multinomialSettings = logitSettings.extend({
  /** Whether the same title as before has a constant of its own. */
  sameTitle: z.boolean().optional(),
});

export const multinomialLogit: Method<z.infer<typeof multinomialSettings>> = {
  id: "multinomial-logit",
  code: __filename,
  label: "Multinomial logit",
  summary: "a ridge logit of the titles on previous title, staying in it, education, year and covariates",
  settings: multinomialSettings,
  needs: ({ ridge }) => (isChoice(ridge) ? ["train", "validation"] : ["train"]),
  async fit(task) {
    const model = await fitMultinomialLogit(task.train, optionsOf(task, multinomialLogit.label));
    return {
      model,
      parameters: model.logit.parameters,
      ...(await chosenBy(task, model)),
      save: (folder) => writeMultinomialLogit(folder, model),
    };
  },
  open: async ({ folder, titles }) => readMultinomialLogit(folder, titles),
};

export const twoStageRegression: Method<LogitSettings> = {
  id: "regression",
  code: __filename,
  label: "Two-stage regression",
  summary: "the regression of Vafa et al. (2024): a logit of staying, and one of the other titles",
  settings: logitSettings,
  needs: ({ ridge }) => (isChoice(ridge) ? ["train", "validation"] : ["train"]),
  async fit(task) {
    const model = await fitTwoStageRegression(task.train, optionsOf(task, twoStageRegression.label));
    const { stay, move, first } = model;
    return {
      model,
      parameters: stay.parameters + move.parameters + first.parameters,
      ...(await chosenBy(task, model)),
      save: (folder) => writeTwoStageRegression(folder, model),
    };
  },
  open: async ({ folder, titles }) => readTwoStageRegression(folder, titles),
};

/** The loss that the penalty was chosen by; nothing where there was none to choose. */
async function chosenBy({ settings: { ridge }, validation }: FitTask<LogitSettings>, model: OccupationModel) {
  return isChoice(ridge) ? validationReport(model, validation) : {};
}

function optionsOf({ validation, settings }: FitTask<LogitSettings>, name: string): LogitOptions {
  return { ...settings, validation: validation.careers, name };
}
