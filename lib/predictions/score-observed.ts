import type { Career } from "../careers";
import { type ObservedScores, observedScores } from "./observed-scores";
import type { OccupationModel, PredictOptions } from "./occupation-model";

/** What any model says of the observed titles, at the least cost that it can. */
export async function scoreObserved(
  model: OccupationModel,
  careers: readonly Career[],
  options?: PredictOptions,
): Promise<ObservedScores> {
  if (model.score !== undefined) return model.score(careers, options);
  return observedScores(await model.predict(careers, options));
}
