import type { CareerPanel } from "../careers";
import type { OccupationModel } from "../predictions";
import type { FitReport } from "./method";

const PERSONS_AT_ONCE = 256;

/**
 * The loss that a choice was made by, nats per person-year; nothing where it is infinite, or there are no persons.
 * @param model as chosen
 */
export async function validationReport(
  model: OccupationModel,
  { careers }: Pick<CareerPanel, "careers">,
): Promise<Pick<FitReport, "validationLoss">> {
  let [loss, rows] = [0, 0];
  for (let from = 0; from < careers.length; from += PERSONS_AT_ONCE) {
    const { logProbability, observed, titles } = await model.predict(
      careers.slice(from, from + PERSONS_AT_ONCE),
    );
    observed.forEach((title, n) => {
      loss -= logProbability[n * titles.size + title];
    });
    rows += observed.length;
  }
  return rows > 0 && Number.isFinite(loss) ? { validationLoss: loss / rows } : {};
}

/** Whether a penalty was chosen among several: a method has a list of its own. */
export function isChoice(ridge?: number | readonly number[]): boolean {
  return ridge === undefined || (typeof ridge !== "number" && ridge.length > 1);
}
