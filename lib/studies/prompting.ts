import {
  bootstrapOf,
  type Comparison,
  compareMethods,
  type NamedExperiment,
  ORACLE,
  type Profile,
  paperMethods,
  provenance,
} from "../experiments";
import { exactly, type MeasureId, type Measurement, where } from "../metrics";
import { headlineFits, judgeHeadlines } from "./evidence";
import { examplesRead } from "./examples-read";
import { type Results, resultsOf, type Study } from "./study";

export interface PromptingPlan {
  profile: Profile;
  /** Prompts and, on the same test persons, methods that are fitted. */
  prompts: NamedExperiment[];
  fitted: NamedExperiment[];
  /** The number of examples where careers are short: of each person every third year; a Markov table beside. */
  thinned: NamedExperiment[];
  /** The list of the many titles of a synthetic survey, which does not fit a small model's context. */
  many: NamedExperiment[];
  /** By what prompts are ranked: where there are full distributions, by how well the model tells titles apart. */
  rankedBy: MeasureId;
}

export interface PromptingFound extends Results {
  prompted: Comparison;
  thinned: Comparison;
  /** The prompt of the least perplexity, and the number of similar careers in the prompt that has it where careers are short. */
  best: { prompt: string; examples: string };
  fits: Awaited<ReturnType<typeof headlineFits>>;
  bootstrap: { replications: number; seed: number };
}

const TUNED = "Fine-tuned";
const MARKOV = "Markov";
const RESTRICTED = "Off the shelf, restricted";
const FITTED = ["Empirical shares", MARKOV, RESTRICTED, "Embeddings, logit head", TUNED];
const LISTED = "No examples, titles listed";
/** Years from one observation to the next, where careers are short. */
const STEP = 3;
const COUNTS = [0, 1, 2, 4, 8];
const CHOICES = { similar: "Similar careers", random: "Careers at random" } as const;
type Choice = keyof typeof CHOICES;

/** How far does a language model get that is only shown example careers? */
export const prompting: Study<PromptingPlan, PromptingFound> = {
  id: "07",
  question: "How far does a language model get that is only shown example careers?",

  plan(profile) {
    const { seed, base } = profile;
    const [plan] = profile.surveys;
    // Of many titles, the observed ones only: they take one pass.
    const { base: ofBase, tuned: ofTuned } = plan.inFull ?? {};
    const observedOnly = ofTuned !== undefined;
    const persons = { ...plan.persons, test: ofTuned ?? ofBase ?? 30 };
    const prompt = (label: string, settings: object, step = 1): NamedExperiment => ({
      label,
      experiment: {
        ...{ survey: plan.survey, method: "in-context", settings: { base, ...settings } },
        ...{ persons, step, observedOnly, seed },
      },
    });
    const counted = choices.flatMap((choose) =>
      COUNTS.filter((k) => k > 0 || choose === "similar").map((k) =>
        prompt(shown(k, choose), { k, choose }, STEP),
      ),
    );
    const markov = { survey: plan.survey, method: "markov", persons, step: STEP, seed };
    const few = { train: 20, test: 2 };
    return {
      profile,
      prompts: [
        prompt(shown(0, "similar"), { k: 0 }),
        prompt(shown(1, "similar"), { k: 1 }),
        prompt(shown(1, "random"), { k: 1, choose: "random" }),
        prompt(shown(8, "similar"), { k: 8 }),
        prompt(LISTED, { k: 0, listTitles: true }),
        prompt("1 example, similar, titles listed", { k: 1, listTitles: true }),
      ],
      fitted: paperMethods(profile, plan)
        .filter(({ label }) => FITTED.includes(label))
        .map(({ label, experiment }) => ({ label, experiment: { ...experiment, persons } })),
      thinned: [...counted, { label: MARKOV, experiment: markov }],
      many: [
        {
          label: LISTED,
          experiment: {
            ...{ survey: "synthetic-psid", method: "in-context", persons: few, seed },
            settings: { base, k: 0, listTitles: true },
          },
        },
      ],
      rankedBy: observedOnly ? "perplexity" : "normalised perplexity",
    };
  },

  async run({ profile, prompts, fitted, ...plan }) {
    const bootstrap = bootstrapOf(profile);
    const prompted = await compareMethods([...prompts, ...fitted], { ...bootstrap, reference: TUNED });
    const thinned = await compareMethods(plan.thinned, { ...bootstrap, reference: MARKOV });
    const many = await compareMethods(plan.many, bootstrap);
    const { survey, split } = prompted;
    const measurements = [
      ...everyYears(prompted.measurements, 1),
      ...everyYears(thinned.measurements, STEP),
      ...everyYears(many.measurements, 1).filter(({ model }) => model !== ORACLE),
      ...(await countExamples(prompts, prompted, 1)),
      ...(await countExamples(plan.thinned, thinned, STEP)),
    ];
    const similar = COUNTS.filter((k) => k > 0).map((k) => shown(k, "similar"));
    const labels = prompts.map(({ label }) => label);
    const persons = `${split.train.careers.length} persons to take examples from, ${split.test.careers.length} to test`;
    return {
      ...resultsOf(profile, [prompted, thinned, many]),
      caption: provenance(profile, `${survey} (${persons})`),
      ...{ measurements, prompted, thinned, bootstrap },
      best: { prompt: bestOf(measurements, labels, 1), examples: bestOf(measurements, similar, STEP) },
      fits: await headlineFits(profile),
    };
  },

  judge({ prompted, thinned, best, fits, bootstrap }) {
    const [none, similar, random] = [shown(0, "similar"), shown(1, "similar"), shown(1, "random")];
    const order = (claim: string, lower: string, higher: string) => ({ claim, lower, higher });
    return [
      ...judgeHeadlines(
        prompted,
        [
          order("Fine-tuning beats every prompt, the best among them", TUNED, best.prompt),
          order(
            "Fine-tuning beats the base model without examples under the same, restricted softmax",
            TUNED,
            RESTRICTED,
          ),
          order("A Markov table beats the best prompt", MARKOV, best.prompt),
          order("An example career helps", similar, none),
          order("A similar career beats a random one", similar, random),
          order("The list of titles helps", LISTED, none),
        ],
        fits,
        bootstrap,
      ),
      ...judgeHeadlines(
        thinned,
        [
          order("Every third year: four examples beat one", shown(4, "similar"), similar),
          order(
            `Every third year: a Markov table beats the best number of examples (${best.examples})`,
            MARKOV,
            best.examples,
          ),
        ],
        [],
        bootstrap,
      ),
    ];
  },
};

const choices = Object.keys(CHOICES) as Choice[];

function shown(k: number, choose: Choice): string {
  return k === 0 ? "No examples" : `${k} example${k === 1 ? "" : "s"}, ${choose}`;
}

/** Where a prompt stands in a figure by the number of examples; without any it stands on both lines, another model on none. */
export function examplesShown({ model }: Pick<Measurement, "model">): { line: string; dose: number }[] {
  return choices.flatMap((choose) =>
    COUNTS.filter((k) => shown(k, choose) === model).map((dose) => ({ line: CHOICES[choose], dose })),
  );
}

/** Measurements of careers of which an observation in so many years is left. */
function everyYears(measurements: readonly Measurement[], step: number): Measurement[] {
  return measurements.map((one) => ({ ...one, on: { ...one.on, step } }));
}

/** How many examples prompts have on average: as many as fit the model's context. */
async function countExamples(
  experiments: readonly NamedExperiment[],
  { split, measurements }: Comparison,
  step: number,
): Promise<Measurement[]> {
  const prompts = experiments.filter(({ experiment }) => experiment.method === "in-context");
  const read = await examplesRead(prompts, split.test.careers);
  const perplexities = where(measurements, { measure: "perplexity", on: { transition: "all" } });
  return everyYears(perplexities, step)
    .filter(({ model }) => model in read)
    .map((one) => ({
      ...{ ...one, measure: "examples read" },
      estimate: exactly(read[one.model]),
    }));
}

/** The model of the least perplexity on all person-years. */
function bestOf(measurements: readonly Measurement[], models: readonly string[], step: number): string {
  const on = { transition: "all", step } as const;
  const own = where(measurements, { measure: "perplexity", on }).filter(({ model }) =>
    models.includes(model),
  );
  return own.reduce((best, one) => (one.estimate.value < best.estimate.value ? one : best)).model;
}
