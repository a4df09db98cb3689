import { UserError } from "../errors";
import { dataFile } from "../files/data-folder";
import { defaultTraining, type TrainingOptions } from "../training/options";

/** How large the experiments are: the same notebooks run in each profile. */
export interface Profile {
  name: string;
  /** Names of the surveys that the notebooks read. */
  surveys: string[];
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
    surveys: ["nlsy-young-men"],
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
 * The profile of this run: LABOR_LLM_PROFILE, or quick.
 * @throws UserError if there is none of that name
 */
export function currentProfile(): Profile {
  return profileNamed(process.env.LABOR_LLM_PROFILE || "quick");
}
