import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Career, PanelSplit } from "../careers";
import { codeDigest, digest, readSealed, writeSealed } from "../files";
import { type Ahead, type Forecast, readDistribution, writeDistribution } from "../predictions";
import { getOrCompute } from "./cache";
import { type Experiment, fitExperiment, fitFolder, lockOf } from "./experiment";
import { type ForecastPlan, makeForecast } from "./make-forecast";
import { showFit } from "./progress";

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
  const key = `forecast-${digest([careers, aheads, plan, codeDigest(require.resolve("./make-forecast"))])}`;
  const folder = join(await fitFolder(experiment, split), key);
  return getOrCompute(
    lockOf(folder),
    () => kept(folder),
    async () => {
      const label = `${split.test.name}, ${experiment.method}`;
      const { model } = await fitExperiment(experiment, showFit(label), split);
      try {
        const forecast = await makeForecast(
          model,
          split.test.titles,
          careers,
          aheads,
          plan,
          showFit(`${label}, simulated careers`),
        );
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
