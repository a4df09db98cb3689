import { z } from "zod";
import { pooled } from "../../careers";
import { UserError } from "../../errors";
import { COVARIATES, covariateScales } from "../../networks";
import { smallCounts, widths } from "../../ranges";
import type { FitTask, FittedModel, Method } from "../method";
import { wholeSetting } from "../setting-ranges";
import { trainingControl, trainingReport, trainingSettings } from "../training-settings";
import { fineTuneCareer, fitBagOfJobs, fitCareer, fitLstm } from "./fit";
import { readJobModel, writeJobModel } from "./job-folder";
import type { JobModel } from "./job-model";

const smallCount = wholeSetting(smallCounts);
const width = wholeSetting(widths);

const common = {
  /** Two stages, whether to stay and which other title, or one softmax. */
  twoStage: z.boolean().default(true),
  /** What the model is given besides the jobs. */
  covariates: z.array(z.enum(COVARIATES)).default([...COVARIATES]),
  training: trainingSettings,
};

const careerSettings = z.strictObject({
  layers: smallCount.optional(),
  width: width.optional(),
  feedForward: width.optional(),
  heads: smallCount.optional(),
  dropout: z.number().min(0).max(0.99).optional(),
  /** Of the covariates' embeddings: as the authors' code has them, or as large as the jobs'. */
  covariateScale: z.enum(covariateScales).optional(),
  ...common,
});

export const career: Method<z.infer<typeof careerSettings>> = {
  id: "career",
  code: __filename,
  label: "CAREER",
  summary: "the transformer over jobs of Vafa et al. (2024), from scratch or from a model of other careers",
  settings: careerSettings,
  pools: true,
  learnsFromParts: true,
  async fit(task) {
    const { validation, settings, from } = task;
    const train = pooled(task.train, task.pool);
    if (from === undefined) return fitted(await fitCareer(train, validation, optionsOf(task)));
    const pretrained = readJobModel(from);
    const { layers, width, feedForward, heads, covariateScale } = settings;
    if ([layers, width, feedForward, heads, covariateScale].some((size) => size !== undefined)) {
      throw new UserError("a model that goes on from another has its sizes", "Set them for the other one.");
    }
    try {
      const options = { ...optionsOf(task), name: "CAREER, pre-trained" };
      return fitted(await fineTuneCareer(pretrained, train, validation, options));
    } finally {
      pretrained.dispose();
    }
  },
  open: async ({ folder }) => readJobModel(folder),
};

const bagSettings = z.strictObject({
  width: width.optional(),
  /** Whether earlier years are read, or the last job alone. */
  history: z.enum(["all", "last"]).optional(),
  ...common,
});

export const bagOfJobs: Method<z.infer<typeof bagSettings>> = {
  id: "bag-of-jobs",
  code: __filename,
  label: "Bag of jobs",
  summary: "the current job and the mean of earlier ones (Vafa et al. 2024, baselines)",
  settings: bagSettings,
  pools: true,
  learnsFromParts: true,
  fit: async (task) =>
    fitted(await fitBagOfJobs(pooled(task.train, task.pool), task.validation, optionsOf(task))),
  open: async ({ folder }) => readJobModel(folder),
};

const lstmSettings = z.strictObject({
  layers: smallCount.optional(),
  width: width.optional(),
  dropout: z.number().min(0).max(0.99).optional(),
  ...common,
});

export const lstm: Method<z.infer<typeof lstmSettings>> = {
  id: "lstm",
  code: __filename,
  label: "LSTM",
  summary: "long short-term memory over jobs (Vafa et al. 2024, baselines)",
  settings: lstmSettings,
  pools: true,
  learnsFromParts: true,
  fit: async (task) => fitted(await fitLstm(pooled(task.train, task.pool), task.validation, optionsOf(task))),
  open: async ({ folder }) => readJobModel(folder),
};

function optionsOf<Settings extends { training: object }>(task: FitTask<Settings>) {
  const { settings, seed } = task;
  return { ...settings, seed, control: trainingControl(task, "person-years") };
}

function fitted(model: JobModel): FittedModel {
  let parameters = 0;
  for (const variable of model.network.parameters.values()) parameters += variable.size;
  const report = model.training === undefined ? {} : trainingReport(model.training);
  return { model, parameters, ...report, save: (folder) => writeJobModel(folder, model) };
}
