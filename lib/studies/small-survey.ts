import { ablationSettings, type Experiment, type Pool, type Profile } from "../experiments";

/** A table of counts, a network and a language model. */
export const SMALL_SURVEY_METHODS = ["Markov, given education", "CAREER", "Fine-tuned"] as const;
export type SmallSurveyMethod = (typeof SMALL_SURVEY_METHODS)[number];

/** A method on few persons of a survey of the law, with careers of other collections beside its own. */
export function onSmallSurvey(
  profile: Profile,
  method: SmallSurveyMethod,
  pool: readonly Pool[],
): Experiment {
  const { ablation, seed } = profile;
  const methods: Record<SmallSurveyMethod, Pick<Experiment, "method" | "settings" | "saveScores">> = {
    "Markov, given education": { method: "markov", settings: { given: ["education"] } },
    CAREER: { method: "career", saveScores: true, settings: ablationSettings(profile, "career-pool") },
    "Fine-tuned": {
      method: "fine-tuned",
      saveScores: true,
      settings: ablationSettings(profile, "fine-tuned-pool"),
    },
  };
  return {
    survey: "synthetic-psid",
    persons: ablation.pooling.persons,
    ...{ seed, observedOnly: true, ...methods[method], pool },
  };
}
