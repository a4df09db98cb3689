import type { PanelSplit } from "../../careers";
import {
  type Experiment,
  identityOf,
  isAvailable,
  noteOn,
  readSavedMeasure,
  runExperiment,
  runsAreElsewhere,
  showFit,
  splitOf,
  writeSavedMeasure,
} from "../../experiments";
import {
  type ErrorPart,
  type FitsTerm,
  type ValuesOfFits,
  type WholeMeasure,
  wholeMeasure,
} from "../../metrics";
import type { TitleDistribution } from "../../predictions";
import { currentSession } from "../../session";
import { type Repeat, type RepeatPlan, repeatsOf } from "./repeats";

/** Numbers that predictions come to, each under its name; always the same function of them under one name. */
export interface Measure {
  name: string;
  of(distribution: TitleDistribution): Readonly<Record<string, number>>;
}

/** What a measure comes to under several fits of a method. */
export interface MeasuredFits {
  label: string;
  survey: string;
  /** By the number's name. */
  values: Readonly<Record<string, ValuesOfFits>>;
  /** Where they are from, if one was not fitted on this machine by this code. */
  note?: string;
}

/**
 * What a measure of the full distribution comes to under other seeds and on resamples (`repeatsOf`). The predictions of such fits are too
 * large to be committed: what they come to is kept beside the results, and read where the fit is not here.
 * @throws UserError as `runExperiment`
 */
export async function measureFits(plan: RepeatPlan, measure: Measure): Promise<MeasuredFits> {
  const { label, experiment, draws = 0, seeds = 0 } = plan;
  const split = splitOf({ ...experiment, resample: undefined });
  const full = { ...experiment, observedOnly: false } as const;
  const { distribution } = await runExperiment(full, showFit(label), split);
  const own = measure.of(distribution);
  const notes = new Set<string>();
  const measured = async (repeats: readonly Repeat[]) => {
    const found: Readonly<Record<string, number>>[] = [];
    for (const [one, data] of repeats) {
      const said = await savedOrMeasured(one, data, measure, plan);
      if (said === undefined) break;
      if (said.note !== undefined) notes.add(said.note);
      found.push(said.values);
    }
    return found;
  };
  // Full distributions are needed: kept scores of the observed titles do not do.
  const repeats = repeatsOf({ ...plan, experiment: full, saved: false }, split);
  const resampled = await measured(repeats.resamples);
  const reseeded = await measured(repeats.seeds);
  const ofFits = (name: string): ValuesOfFits => ({
    seeds: [own, ...reseeded].map((values) => values[name]),
    resamples: resampled.map((values) => values[name]),
    isRandom: seeds > 0,
    isTrained: draws > 0,
  });
  return {
    label,
    survey: split.train.name,
    values: Object.fromEntries(Object.keys(own).map((name) => [name, ofFits(name)])),
    note: notes.size === 0 ? undefined : [...notes].join("; "),
  };
}

/** @returns undefined of a fit that is not here, if none is to be made */
async function savedOrMeasured(
  experiment: Experiment,
  split: PanelSplit,
  measure: Measure,
  { label, saved: kept = false, ifAvailable = false }: RepeatPlan,
): Promise<{ values: Readonly<Record<string, number>>; note?: string } | undefined> {
  const identity = await identityOf(experiment, split);
  const named = { ...identity, configuration: { ...identity.configuration, measure: measure.name } };
  const survey = split.test.name;
  const isHere = await isAvailable(experiment, split);
  const isSaved = kept && !runsAreElsewhere();
  if (isSaved && !isHere && !currentSession().anew) {
    const found = readSavedMeasure(survey, named);
    if (found !== undefined) return { values: asRead(found.values), note: noteOn(found, identity) };
  }
  if (!isHere && ifAvailable) return undefined;
  const full = { ...experiment, observedOnly: false } as const;
  const { distribution } = await runExperiment(full, showFit(label), split);
  const values = measure.of(distribution);
  return { values: isSaved ? asRead(writeSavedMeasure({ ...named, survey }, values).values) : values };
}

function asRead(values: Readonly<Record<string, number | null>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, x ?? NaN]));
}

/**
 * A weighted sum of a number over methods with its whole error; undefined where the fits of one are not known.
 * @param overPersons the sum's error over test persons, of whom there are so many
 * @param parts with `fixed` of what is not fitted: its number
 */
export function wholeOfMeasure(
  fits: readonly MeasuredFits[],
  { survey, name }: { survey: string; name: string },
  overPersons: ErrorPart,
  parts: readonly { times: number; label: string; fixed?: number }[],
): WholeMeasure | undefined {
  const terms = parts.flatMap(({ times, label, fixed }): FitsTerm<number>[] => {
    if (fixed !== undefined) return [{ times, of: label, fits: unfitted(fixed) }];
    const found = fits.find((one) => one.survey === survey && one.label === label)?.values[name];
    return found === undefined ? [] : [{ times, of: label, fits: found }];
  });
  return terms.length === parts.length ? wholeMeasure(overPersons, terms) : undefined;
}

function unfitted(value: number): ValuesOfFits {
  return { seeds: [value], resamples: [], isRandom: false, isTrained: false };
}
