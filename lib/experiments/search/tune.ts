import { UserError } from "../../errors";
import { writeFileAtomically } from "../../files";
import { checkShared } from "../../methods";
import { type Experiment, splitOf } from "../experiment";
import { pretrainedCareer } from "../paper-methods";
import {
  type Profile,
  readTuned,
  type SavedSearch,
  type SearchSpace,
  type SurveyPlan,
  searchOf,
  searchSpaces,
  tunedPath,
} from "../profile";
import { ablationNames, ablationSearch, savedAblation } from "./ablation-searches";
import { searchSettings } from "./search";

/** What a search is kept by: methods, and experiments on a law. */
export const searchedMethods: readonly string[] = [...Object.keys(searchSpaces), ...ablationNames];

/** What is to be searched. */
export interface TuneOptions {
  /** Of the profile's surveys; all by default. */
  surveys?: readonly string[];
  /** Of `searchedMethods`; all by default. */
  methods?: readonly string[];
  /** Whether what is kept already is searched anew. */
  anew?: boolean;
  /** Told of each search when it is done or found. */
  onSearch?: (search: SavedSearch, fresh: boolean) => void;
  /** Told of a method that a survey does not allow: the résumés may share no title with it. */
  onRefused?: (refusal: { survey: string; method: string; reason: string }) => void;
}

/**
 * Searches the settings of a profile's methods on its surveys, and keeps each search as soon as it is done: a call
 * after a kill goes on from there. Pre-training on the résumés has the profile's own settings: what is searched is how
 * it goes on.
 * @returns the path of the file
 * @throws as `searchSettings`, and if the file cannot be written
 */
export async function tuneProfile(profile: Profile, options: TuneOptions = {}): Promise<string> {
  const { surveys, methods = searchedMethods, anew = false, onSearch, onRefused } = options;
  const path = tunedPath(profile.name);
  const file = readTuned(profile.name);
  const { resumes, seed } = profile;
  const search = async (method: string, experiment: Experiment, space: SearchSpace) => {
    const { survey, persons: { train, validation } = {} } = experiment;
    const kept = searchOf(file, method, { survey, persons: { train, validation } }, seed);
    if (kept !== undefined && !anew) return onSearch?.(kept, false);
    const found = await searchSettings(experiment, space, `${survey}, ${method}`);
    const done = { survey, method, persons: { train, validation }, seed, ...found } as SavedSearch;
    const place = kept === undefined ? file.searches.length : file.searches.indexOf(kept);
    file.searches[place] = done;
    writeFileAtomically(path, `${JSON.stringify(file, null, 1)}\n`);
    onSearch?.(done, true);
  };
  for (const name of ablationNames.filter((one) => methods.includes(one))) {
    const { experiment, space } = ablationSearch(profile, name);
    if (surveys !== undefined && !surveys.includes(experiment.survey)) continue;
    const made = anew ? undefined : savedAblation(profile, name);
    if (made === undefined) await search(name, experiment, space);
    else onSearch?.(made, false);
  }
  for (const plan of profile.surveys) {
    if (surveys !== undefined && !surveys.includes(plan.survey)) continue;
    for (const method of Object.keys(searchSpaces).filter((one) => methods.includes(one))) {
      const isSecondStage = method === "career-pretrained";
      if (isSecondStage && (resumes === undefined || resumes.survey === plan.survey)) continue;
      const { survey, persons } = plan;
      const refusal = isSecondStage ? refusalOf(resumes!, plan, seed) : undefined;
      if (refusal !== undefined) {
        onRefused?.({ survey, method, reason: refusal });
        continue;
      }
      const experiment = isSecondStage
        ? pretrainedCareer(profile, resumes!, plan)
        : { survey, method, settings: baseSettings(profile, method), persons, seed };
      await search(method, experiment, searchSpaces[method]);
    }
  }
  return path;
}

/** What a search lays its settings over. */
function baseSettings({ settings, base, fineTuning }: Profile, method: string): object {
  const own = settings[method] ?? {};
  return method === "fine-tuned" ? { ...own, base, training: fineTuning } : own;
}

/** Why CAREER cannot go on from the résumés on a survey; undefined where it can. */
function refusalOf(resumes: SurveyPlan, plan: SurveyPlan, seed: number): string | undefined {
  const [from, to] = [resumes, plan].map(({ survey, persons }) => splitOf({ survey, persons, seed }).train);
  try {
    checkShared(from, to);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
