import type { PartLimits } from "../careers/sample";
import { UserError } from "../errors";
import { dataFile } from "../files/data-folder";
import { defaultTraining, type TrainingOptions } from "../training/options";

/** How large the experiments are: the same notebooks run in each profile. */
export interface Profile {
  name: string;
  /** The surveys that the notebooks read (`readSurvey`); experiments on one survey take the first. */
  surveys: string[];
  /** Most persons of a survey that are trained on, validated on and scored. */
  persons: PartLimits;
  /** Folder of the base language model, in the layout of Hugging Face. */
  base: string;
  fineTuning: TrainingOptions;
  /** Seed of splits, of the order of training and of the bootstrap. */
  seed: number;
  /** Bootstrap replications over persons. */
  replications: number;
}

const profiles: Record<string, () => Profile> = {
  quick: () => ({
    name: "quick",
    surveys: [
      "nlsy-young-men",
      "synthetic-psid",
      "synthetic-nlsy79",
      "synthetic-nlsy97",
      "synthetic-resumes",
    ],
    persons: { train: 1500, validation: 200, test: 120 },
    base: dataFile("base-model"),
    fineTuning: { ...defaultTraining, epochs: 8, learningRate: 1e-3, batch: { texts: 32 } },
    seed: 1,
    replications: 2000,
  }),
};

/** Names of the profiles. */
export const profileNames = Object.keys(profiles);

/** @throws UserError if there is none of that name */
export function profileNamed(name: string): Profile {
  const make = profiles[name];
  if (make === undefined) {
    throw new UserError(`"${name}" is not a profile`, `Choose one of ${profileNames.join(", ")}.`);
  }
  return make();
}

/**
 * The profile of this run: LABOR_LLM_PROFILE, or quick; on the one survey that LABOR_LLM_SURVEY names, if it does.
 * @throws UserError if there is none of that name
 */
export function currentProfile(): Profile {
  const profile = profileNamed(process.env.LABOR_LLM_PROFILE || "quick");
  const survey = process.env.LABOR_LLM_SURVEY;
  return survey ? { ...profile, surveys: [survey] } : profile;
}
