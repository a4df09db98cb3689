import type { Career } from "../careers";
import { composeMarkov, type FitProgress, type MarkovModel } from "../methods";
import type { TitleSet } from "../occupations";
import {
  type Ahead,
  askDirectly,
  composeBySampling,
  type Forecast,
  heldEducation,
  type OccupationModel,
  observedEducation,
} from "../predictions";

/** How predictions over several years are made; plain data. */
export type ForecastPlan =
  /** The model is asked for the year itself, and shown observations so many years apart. */
  | { how: "direct"; step?: number }
  /** One-year predictions composed: a first-order Markov table exactly, others by so many sampled careers. */
  | { how: "composed"; paths: number; seed?: number; education?: "observed" | "held" };

/** Predictions over several years by a model. */
export async function makeForecast(
  model: OccupationModel,
  titles: TitleSet,
  careers: readonly Career[],
  aheads: readonly Ahead[],
  plan: ForecastPlan,
  onProgress: FitProgress,
): Promise<Forecast> {
  if (plan.how === "direct") return askDirectly(model, titles, careers, aheads, plan.step);
  if (isFirstOrder(model)) return composeMarkov(model, titles, careers, aheads);
  const { paths, seed, education } = plan;
  return composeBySampling(model, titles, careers, aheads, {
    paths,
    seed,
    education: education === "held" ? heldEducation : observedEducation,
    onProgress: (done, total) => onProgress(done, total, "points of careers"),
  });
}

function isFirstOrder(model: OccupationModel): model is MarkovModel {
  return (model as Partial<MarkovModel>).isFirstOrder === true;
}
