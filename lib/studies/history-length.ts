import {
  allPersonsInFull,
  bootstrapOf,
  type Comparison,
  compareMethods,
  type FitsPlan,
  type NamedExperiment,
  ORACLE,
  type Profile,
  paperMethods,
  rowsWithHistory,
  type SurveyPlan,
  scoreGiven,
  splitOf,
  trainedOnLast,
  unlessTooCostly,
} from "../experiments";
import type { TableRow } from "../figures";
import { type Measurement, measurePerplexity, only, where } from "../metrics";
import type { ObservedScores } from "../predictions";
import { publishedFinding } from "../results";
import { oracleOf } from "../surveys";
import { compareDistributions } from "./audit-rerun";
import { fitsOf, judgeHeadlines } from "./evidence";
import { type Results, resultsOf, type Study } from "./study";

/** How a model comes to know no more than the last observations: it learnt from such, or is shown them as if the career had begun there. */
export type HistoryReading = "trained on them" | "restarted";

/** What a row is of. */
export interface KnownHistory {
  label: string;
  method: string;
  /** So many of the last observations before each year; of all where it is absent. */
  last?: number;
  /** Absent of a model of whole careers that is shown whole careers. */
  reading?: HistoryReading;
}

export interface HistoryRow extends KnownHistory, NamedExperiment {}

/** What is run on one survey. */
export interface HistorySurvey {
  survey: string;
  /** Most observations of a test person before the last. */
  longest: number;
  /** Lengths of history that somebody's is longer than. */
  lasts: number[];
  rows: HistoryRow[];
}

export interface HistoryPlan {
  profile: Profile;
  surveys: HistorySurvey[];
  /** Further fits of the networks, for whole errors. */
  again: FitsPlan;
}

export interface HistoryFound extends Results {
  /** The law's own predictions among them, where it is known. */
  worlds: (HistorySurvey & { comparison: Comparison })[];
  fits: Awaited<ReturnType<typeof fitsOf>>;
  /** The largest change of any log-probability of the Markov table under any history: none. */
  control: Measurement[];
  bootstrap: { replications: number; seed: number };
}

/** A text for each person-year: a language model is trained on few persons so. */
const FEW = "Fine-tuned, few persons";
const MARKOV = "Markov";
const BAG = "Bag of jobs";
const CAREER = "CAREER, tuned";
const METHODS = [MARKOV, BAG, CAREER, "Fine-tuned", FEW];
const LAW = "Law restarted";
const LASTS = [1, 2, 3, 5, 10, 20];
/** A shorter history can matter only where there are as many observations. */
const LONG = 5;
/** Nats. */
const TIE = 0.05;

/** The lengths that a method is trained on: each is a fit. */
function learntOf(method: string): readonly number[] {
  if (method === "Fine-tuned") return [];
  return method === FEW ? [1] : [1, 2, 5];
}

const whole = (method: string) => `${method}, all`;
const begun = (method: string, last: number) => `${method}, last ${last}`;
const trained = (method: string, last: number) => `${method}, trained on last ${last}`;

/** How far back does a model of careers have to look? */
export const historyLength: Study<HistoryPlan, HistoryFound> = {
  id: "06",
  question: "How far back does a model of careers have to look?",

  plan(profile) {
    const { surveys, repeats } = profile;
    const [first] = surveys;
    const used = surveys.filter((plan) => plan === first || plan.survey === "synthetic-nlsy97");
    return {
      profile,
      surveys: used.map((plan) => planOn(profile, plan, methodsOn(profile, plan, plan === first))),
      again: repeats.all,
    };
  },

  async run({ profile, surveys, again }) {
    const bootstrap = bootstrapOf(profile);
    const worlds: HistoryFound["worlds"] = [];
    const fits: HistoryFound["fits"] = [];
    for (const plan of surveys) {
      const comparison = await compareMethods(plan.rows, bootstrap);
      const law = await lawGiven(comparison, plan.lasts, profile.seed);
      worlds.push({ ...plan, comparison: { ...comparison, scores: { ...comparison.scores, ...law } } });
    }
    const labels = [BAG, CAREER].flatMap((method) => [
      ...[whole(method), begun(method, 1)],
      ...[trained(method, 1), trained(method, 5)],
    ]);
    for (const { rows } of surveys) fits.push(...(await fitsOf(rows, again, labels)));
    return {
      ...resultsOf(
        profile,
        worlds.map(({ comparison }) => comparison),
      ),
      measurements: worlds.flatMap((world) =>
        [0, LONG].flatMap((after) => measureAfter(world, after, bootstrap)),
      ),
      control: worlds.map(markovChange),
      ...{ worlds, fits, bootstrap },
    };
  },

  judge({ worlds, fits, bootstrap }) {
    // Of a language model.
    const reported = publishedFinding("fewer than ten years degrade the prediction", "B");
    const shorter = worlds.flatMap(({ comparison }) => {
      const claims = [BAG, CAREER, FEW].flatMap((method) => [
        {
          claim: `A shorter history hurts: ${method}, trained on the last one`,
          ...{ lower: whole(method), higher: trained(method, 1) },
          published: method === FEW ? reported : undefined,
        },
        {
          claim: `The last 5 are as good as all: ${method}, trained on them`,
          ...{ lower: whole(method), higher: trained(method, 5), tieWithin: TIE },
        },
        {
          claim: `Restarted with the last one is worse than trained on it: ${method}`,
          ...{ lower: trained(method, 1), higher: begun(method, 1) },
        },
      ]);
      return judgeHeadlines(comparison, claims, fits, bootstrap);
    });
    const law = worlds.flatMap(({ comparison, lasts }) => {
      const claims = [1, lasts[lasts.length - 1]].map((last) => ({
        claim: `The law restarted with the last ${last} against the law`,
        ...{ lower: whole(LAW), higher: begun(LAW, last) },
      }));
      return judgeHeadlines(comparison, claims, [], bootstrap);
    });
    return [...shorter, ...law];
  },
};

/** What the name of a model says, in a table's columns. */
export function historyColumns({ model }: Pick<Measurement, "model">): TableRow {
  const { method, last, reading } = knownHistory(model);
  return {
    model: method,
    "observations known": last === undefined ? "all" : `the last ${last}`,
    "the model is": reading ?? "trained on all",
  };
}

/** The history that the model of a name knows; the whole one, where the name says nothing of it. */
export function knownHistory(model: string): KnownHistory {
  const all = [...METHODS, LAW].flatMap((method) => histories(method, LASTS, LASTS));
  return all.find(({ label }) => label === model) ?? { label: model, method: model };
}

/**
 * What each method loses by knowing no more than the last observations, of person-years with a long history; the law in
 * both readings: what no model can lose more than by knowing less.
 */
export function historyCosts(
  { measurements }: Pick<HistoryFound, "measurements">,
  survey: string,
  reading: HistoryReading,
): Measurement[] {
  const costs = where(measurements, { survey, measure: "log-loss difference", on: { after: LONG } });
  const shown = costs.filter(({ model }) => {
    const { method, reading: own } = knownHistory(model);
    return own === undefined || own === (method === LAW ? "restarted" : reading);
  });
  const lines = shown.map(({ model }) => knownHistory(model)).filter(({ last }) => last !== undefined);
  return shown.filter(({ model }) => lines.some(({ method }) => method === knownHistory(model).method));
}

/** A method under whole careers, trained on short histories and shown short ones. */
function histories(method: string, learnt: readonly number[], shown: readonly number[]): KnownHistory[] {
  return [
    { label: whole(method), method },
    ...learnt.map((last) => ({
      ...{ label: trained(method, last), method, last },
      reading: "trained on them" as const,
    })),
    ...shown.map((last) => ({
      ...{ label: begun(method, last), method, last },
      reading: "restarted" as const,
    })),
  ];
}

/** Language models read the first survey alone. */
function methodsOn(profile: Profile, plan: SurveyPlan, hasLanguageModels: boolean): NamedExperiment[] {
  const { ablation, seed } = profile;
  const full = allPersonsInFull(plan);
  const few: NamedExperiment = {
    label: FEW,
    experiment: {
      ...{ survey: plan.survey, method: "fine-tuned", settings: ablation.settings, seed },
      persons: { ...full.persons, ...ablation.persons, test: full.persons.test },
    },
  };
  return [...paperMethods(profile, full), few].filter(
    ({ label }) => METHODS.includes(label) && (hasLanguageModels || !label.startsWith("Fine-tuned")),
  );
}

function planOn(
  profile: Profile,
  { survey }: SurveyPlan,
  methods: readonly NamedExperiment[],
): HistorySurvey {
  const { careers } = splitOf(methods[0].experiment).test;
  const longest = Math.max(...careers.map(({ observations }) => observations.length)) - 1;
  const lasts = LASTS.filter((last) => last < longest);
  const rows = methods.flatMap(({ label: method, experiment }) => {
    const learnt = learntOf(method).filter((last) => lasts.includes(last));
    return histories(method, learnt, lasts).map((known): HistoryRow => {
      const { last, reading } = known;
      // Of a table the full distribution costs nothing, and the control is of all titles.
      const observed = { ...experiment, observedOnly: experiment.method !== "markov" };
      if (last !== undefined && reading === "trained on them") {
        const short = { ...trainedOnLast(observed, last), saveScores: experiment.method !== "markov" };
        return { ...known, experiment: short };
      }
      const told = last === undefined ? observed : { ...observed, conditioning: { history: last } };
      return { ...known, ...unlessTooCostly(profile, { label: known.label, experiment: told }) };
    });
  });
  return { survey, longest, lasts, rows };
}

/** What the law says of the observed titles, by label: its own, and those where it is shown the last observations alone; nothing where it is not known. */
async function lawGiven(
  { split, scores }: Comparison,
  lasts: readonly number[],
  seed: number,
): Promise<Record<string, ObservedScores>> {
  const law = oracleOf(split.test);
  if (law === undefined) return {};
  const told: Record<string, ObservedScores> = { [whole(LAW)]: scores[ORACLE] };
  for (const last of lasts) {
    told[begun(LAW, last)] = await scoreGiven(law, split.test.careers, { history: last }, seed);
  }
  return told;
}

/** Of the person-years before which so many observations were made: perplexities, and differences to the whole history. */
function measureAfter(
  { comparison: { survey, scores }, rows, lasts }: HistoryFound["worlds"][number],
  after: number,
  bootstrap: HistoryFound["bootstrap"],
): Measurement[] {
  const known = [...rows, ...histories(LAW, [], lasts)].filter(({ label }) => label in scores);
  const methods = [...METHODS, LAW].filter((method) => whole(method) in scores);
  return methods.flatMap((method) => {
    const own = known.filter((row) => row.method === method);
    const models = Object.fromEntries(own.map(({ label }) => [label, rowsWithHistory(scores[label], after)]));
    const options = { ...bootstrap, kinds: ["all"], reference: whole(method) } as const;
    return measurePerplexity(survey, models, options).map((one) => ({ ...one, on: { ...one.on, after } }));
  });
}

/** A first-order table reads one title back: no history may change it. */
function markovChange({ comparison, rows }: HistoryFound["worlds"][number]): Measurement {
  const { distributions, measurements } = comparison;
  const labels = rows
    .filter(({ method, last, label }) => method === MARKOV && last !== undefined && label in distributions)
    .map(({ label }) => label);
  const changes = labels.map(
    (label) => compareDistributions(distributions[whole(MARKOV)], distributions[label]).largest,
  );
  return {
    ...only(measurements, { model: whole(MARKOV), measure: "perplexity", on: { transition: "all" } }),
    measure: "largest difference of ln P",
    estimate: { value: Math.max(...changes), standardError: NaN, interval: [NaN, NaN] },
  };
}
