import type { Career } from "../../careers";
import type { TitleSet } from "../../occupations";
import type { OccupationModel } from "../occupation-model";
import { predictLast } from "../predict-last";
import { type Ahead, aheadRows, type Forecast } from "./ahead";

/**
 * A model asked for a year that is some years after the last that it knows, with the education of that year.
 * @param step of a model that was trained on observations so many years apart (`thinToSteps`): it is shown those of
 * the known observations that lie whole steps before the year asked for. Default 1, all of them.
 */
export async function askDirectly(
  model: OccupationModel,
  titles: TitleSet,
  careers: readonly Career[],
  aheads: readonly Ahead[],
  step = 1,
): Promise<Forecast> {
  const asked = aheads.map(({ person, known, target }) => {
    const { observations } = careers[person];
    const { year } = observations[target];
    const shown = observations.slice(0, known).filter((one) => (year - one.year) % step === 0);
    return { ...careers[person], observations: [...shown, observations[target]] };
  });
  const { logProbability } = await predictLast(model, asked);
  return { distribution: { ...aheadRows(titles, careers, aheads), logProbability }, asked: aheads.length };
}
