import type { Experiment } from "../experiment";
import {
  epochsOfSchedule,
  learningRates,
  overlaid,
  type Profile,
  readTuned,
  type SavedSearch,
  type SearchSpace,
  searchOf,
} from "../profile";

/** Experiments of many fits on a synthetic law, by what their settings are searched for. */
export const ablationNames = [
  "fine-tuned-law-codes",
  "fine-tuned-law-words",
  "fine-tuned-pool",
  "career-pool",
] as const;
export type AblationName = (typeof ablationNames)[number];

/** What a search for the settings of such experiments looks at. */
export interface AblationSearch {
  experiment: Experiment;
  space: SearchSpace;
}

/**
 * The search for one of them: codes and words each where titles have no meaning, so that neither is tuned to what a
 * claim hopes for; without a pool, since that is what a pool is held against. Validation persons are the experiment's own.
 */
export function ablationSearch(profile: Profile, name: AblationName): AblationSearch {
  const { seed, ablation } = profile;
  const { law, pooling } = ablation;
  const language = { ...ablation.settings, vocabulary: "reachable" };
  const on = (survey: string, method: string, own: object, of: typeof law | typeof pooling): Experiment => {
    const { train, validation } = of.persons;
    return { survey, method, settings: own, seed, persons: { train, validation } };
  };
  switch (name) {
    case "fine-tuned-law-codes":
    case "fine-tuned-law-words":
      return {
        experiment: {
          ...on("synthetic-control", "fine-tuned", { ...language, training: law.training }, law),
          wording: name === "fine-tuned-law-codes" ? { titles: "numeric", deal: 1 } : { titles: "literal" },
        },
        space: {
          start: { training: law.training },
          dimensions: [learningRates(5e-4, 2e-3), epochsOfSchedule(2, 6)],
        },
      };
    case "fine-tuned-pool":
      return {
        experiment: on("synthetic-psid", "fine-tuned", { ...language, training: pooling.training }, pooling),
        space: {
          start: { training: pooling.training },
          dimensions: [learningRates(5e-4, 2e-3), epochsOfSchedule(4, 8)],
        },
      };
    case "career-pool":
      return {
        experiment: on("synthetic-psid", "career", pooling.career, pooling),
        space: { start: pooling.career, dimensions: [learningRates(2e-4, 1e-3), epochsOfSchedule(20)] },
      };
  }
}

/** The surveys that such experiments are on. */
export function lawSurveys(profile: Profile): string[] {
  return ablationNames.map((name) => ablationSearch(profile, name).experiment.survey);
}

/** The settings of such experiments: the profile's, with what the search chose laid over them. */
export function ablationSettings(profile: Profile, name: AblationName): object {
  const { experiment } = ablationSearch(profile, name);
  return overlaid(experiment.settings ?? {}, savedAblation(profile, name)?.chosen ?? {});
}

/** The search that was made for them. The laws are the same in every profile, and so are the searches on them. */
export function savedAblation(profile: Profile, name: AblationName): SavedSearch | undefined {
  const { survey, persons = {}, seed } = ablationSearch(profile, name).experiment;
  const files = [profile.name, "quick"].map((one) => readTuned(one));
  return files
    .map((file) => searchOf(file, name, { survey, persons }, seed))
    .find((one) => one !== undefined);
}
