import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Career } from "../careers/career";
import type { PanelSplit } from "../careers/split";
import { codeDigest } from "../files/code-digest";
import { digest } from "../files/digest";
import { readSealed, writeSealed } from "../files/sealed";
import { type Ahead, askDirectly, composeBySampling, composeMarkov, type Forecast } from "../forecasts";
import { heldEducation, observedEducation } from "../forecasts/education";
import { readDistribution, writeDistribution } from "../models/distribution-file";
import type { MarkovModel } from "../models/markov";
import type { OccupationModel } from "../models/occupation-model";
import { type Experiment, fitExperiment, fitFolder, lockOf } from "./experiment";
import { keptOrMade } from "./kept-or-made";
import { showFit } from "./progress";

/** How predictions over several years are made; plain data. */
export type ForecastPlan =
  /** The model is asked for the year itself, and shown observations so many years apart. */
  | { how: "direct"; step?: number }
  /** One-year predictions composed: a first-order Markov table exactly, others by so many sampled careers. */
  | { how: "composed"; paths: number; seed?: number; education?: "observed" | "held" };

/**
 * Predictions over several years by an experiment's model, for test persons: made, or taken up from an earlier call
 * with the same model, careers and plan.
 * @throws as `fitExperiment`
 */
export async function forecastExperiment(
  experiment: Experiment,
  split: PanelSplit,
  careers: readonly Career[],
  aheads: readonly Ahead[],
  plan: ForecastPlan,
): Promise<Forecast> {
  const key = `forecast-${digest([careers, aheads, plan, codeDigest(require.resolve("../forecasts"))])}`;
  const folder = join(await fitFolder(experiment, split), key);
  return keptOrMade(
    lockOf(folder),
    () => kept(folder),
    async () => {
      const label = `${split.test.name}, ${experiment.method}`;
      const { model } = await fitExperiment(experiment, showFit(label), split);
      try {
        const forecast = await make(model, split, careers, aheads, plan, label);
        keep(folder, forecast);
        return forecast;
      } finally {
        model.dispose?.();
      }
    },
  );
}

const [SUMMARY, DISTRIBUTION, ERRORS] = ["forecast.json", "distribution.safetensors", "errors.safetensors"];

function kept(folder: string): Forecast | undefined {
  if (!existsSync(join(folder, SUMMARY))) return undefined;
  const { asked, sampled } = readSealed<{ asked: number; sampled: boolean }>(join(folder, SUMMARY));
  const distribution = readDistribution(join(folder, DISTRIBUTION));
  if (!sampled) return { distribution, asked };
  const monteCarloError = readDistribution(join(folder, ERRORS)).logProbability;
  return { distribution, monteCarloError, asked };
}

function keep(folder: string, { distribution, monteCarloError, asked }: Forecast): void {
  writeDistribution(join(folder, DISTRIBUTION), distribution);
  if (monteCarloError !== undefined) {
    writeDistribution(join(folder, ERRORS), { ...distribution, logProbability: monteCarloError });
  }
  writeSealed(join(folder, SUMMARY), { asked, sampled: monteCarloError !== undefined });
}

async function make(
  model: OccupationModel,
  { test: { titles } }: PanelSplit,
  careers: readonly Career[],
  aheads: readonly Ahead[],
  plan: ForecastPlan,
  label: string,
): Promise<Forecast> {
  if (plan.how === "direct") return askDirectly(model, titles, careers, aheads, plan.step);
  if (isFirstOrder(model)) return composeMarkov(model, titles, careers, aheads);
  const { paths, seed, education } = plan;
  const show = showFit(`${label}, simulated careers`);
  return composeBySampling(model, titles, careers, aheads, {
    paths,
    seed,
    education: education === "held" ? heldEducation : observedEducation,
    onProgress: (done, total) => show(done, total, "points of careers"),
  });
}

function isFirstOrder(model: OccupationModel): model is MarkovModel {
  return (model as Partial<MarkovModel>).isFirstOrder === true;
}
