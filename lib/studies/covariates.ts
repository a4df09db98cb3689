import type { Career } from "../careers";
import {
  bootstrapOf,
  type Comparison,
  compareMethods,
  type Experiment,
  type FitsPlan,
  hideCovariates,
  type NamedExperiment,
  ORACLE,
  type Profile,
  paperMethods,
  provenance,
  type SurveyPlan,
  splitOf,
} from "../experiments";
import type { TableRow } from "../figures";
import { coInformation, type Measurement, measurePerplexity, where } from "../metrics";
import { scoreObserved } from "../predictions";
import { type Claim, type Finding, judgeMeasurement, publishedFinding } from "../results";
import { oracleOf } from "../surveys";
import { type TextCovariate, textCovariates } from "../text";
import { type Compared, contrastOf, fitsOf } from "./evidence";
import { type Results, resultsOf, type Study } from "./study";

/** A method, and what it is not given of. */
interface Ablation {
  model: string;
  /** Those that are left out or permuted, each alone and all together. */
  covariates: readonly TextCovariate[];
  /** The first is given all covariates. */
  rows: NamedExperiment[];
}

export interface CovariatesPlan {
  profile: Profile;
  /** Left out of training: a language model on real careers, a network on those of a law. */
  real: Ablation;
  law: Ablation;
  /** Permuted at test: models that were given all covariates; claims are judged with further fits. */
  permuted: (Ablation & { again: FitsPlan })[];
  /** Further fits of what is left out, for whole errors. */
  again: FitsPlan;
}

/** Measurements are of covariates left out of training: perplexities, and costs (`log-loss contrast`) to all covariates. */
export interface CovariatesFound extends Results {
  /** The network on the law's careers, by what is left out of training. */
  law: Comparison;
  /** Cost of leaving all out less the sum of the costs of each. */
  coInformation: Measurement[];
  /** Less the co-information: above 0 where covariates say something together that none says alone. */
  complementarity: Measurement[];
  /** What it costs to have another person's covariates at test. */
  permuted: Pick<Results, "measurements" | "skipped" | "caption">;
}

const words: Record<TextCovariate, string> = {
  ...{ gender: "gender", ethnicity: "ethnicity", region: "region" },
  ...{ birthYear: "birth year", education: "education" },
};
const TUNED = "Fine-tuned";
const NETWORK = "CAREER";
const LAW = "Law, given education";
const ALL = "All covariates";
const NONE = "Without any of them";
const TOGETHER = "Without gender, ethnicity and region";
const together = ["gender", "ethnicity", "region"] as const;
/** The law sums over what it is not given, but for education, which changes. */
const fixed = [...together, "birthYear"] as const;
const without = (one: TextCovariate) => `Without ${words[one]}`;
/** Permuted at test. */
const EDUCATION = words.education;
const EVERYTHING = "all of them";

/** What does a model of careers gain from gender, ethnicity, region, birth year and education? */
export const covariates: Study<CovariatesPlan, CovariatesFound> = {
  id: "08",
  question: "What does a model of careers gain from gender, ethnicity, region, birth year and education?",

  plan(profile) {
    const { surveys, headline, repeats } = profile;
    const tuned = tunedWithout(profile);
    const varying = varyingAmong(splitOf(tuned([])).test.careers);
    return {
      profile,
      real: { model: TUNED, covariates: varying, rows: ablations(tuned, varying) },
      law: {
        ...{ model: NETWORK, covariates: textCovariates },
        rows: ablations(networkWithout(profile), textCovariates),
      },
      permuted: surveys.slice(0, 2).flatMap((plan, i) => {
        const names = i === 0 ? varying : textCovariates;
        return permutations(profile, plan, names).map((one) => ({
          ...one,
          again: { ...headline[one.model], seeds: undefined },
        }));
      }),
      again: repeats.few,
    };
  },

  async run({ profile, real, law, permuted, again }) {
    const bootstrap = bootstrapOf(profile);
    const compared = (rows: readonly NamedExperiment[]) =>
      compareMethods(rows, { ...bootstrap, reference: ALL });
    const left: LeftOut[] = [];
    const comparisons: Comparison[] = [];
    for (const { rows, ...ablation } of [real, law]) {
      const comparison = await compared(rows);
      comparisons.push(comparison);
      left.push({ ...ablation, comparison, fits: await fitsOf(rows, again) });
    }
    left.push(await lawWithout(comparisons[1]));

    const others: Pick<Results, "measurements" | "skipped"> = { measurements: [], skipped: [] };
    for (const { model, rows, ...one } of permuted) {
      const comparison = await compared(rows);
      const fits = await fitsOf(rows, one.again, [ALL, EDUCATION, EVERYTHING]);
      const labels = rows.map(({ label }) => label).filter((label) => label !== ALL);
      others.measurements.push(...costsOf({ model, comparison, fits }, labels));
      others.skipped.push(...skippedOf(model, comparison));
    }
    const surveys = permuted.map(({ rows: [{ experiment }] }) => experiment.survey);
    const { caption, noteOn } = resultsOf(profile, comparisons);
    return {
      measurements: left.flatMap((one) => measureLeftOut(one, bootstrap)),
      skipped: left.flatMap(({ model, comparison }) => skippedOf(model, comparison)),
      caption,
      noteOn(row) {
        const { model, label } = ablated(row);
        return model === LAW ? "" : noteOn({ survey: row.survey, model: label });
      },
      law: comparisons[1],
      coInformation: left.flatMap((one) => coInformationOf(one, 1)),
      complementarity: left.flatMap((one) => coInformationOf(one, -1)),
      permuted: { ...others, caption: provenance(profile, [...new Set(surveys)].join(", ")) },
    };
  },

  judge({ measurements, complementarity, permuted }) {
    const costs = where(measurements, { measure: "log-loss contrast" });
    const byLaw = ({ survey, model }: Measurement) =>
      where(costs, { survey, model: nameOf(LAW, ablated({ model }).label) })[0]?.estimate.value;
    const reported = publishedFinding("demographics interact", "B");
    return [
      ...costs.flatMap((one) => {
        const { model, label } = ablated(one);
        const oracle = byLaw(one);
        return model === LAW ? [] : [positive(`${label}, ${model} predicts worse`, one, { oracle })];
      }),
      ...complementarity.map((one) => {
        const { model, label } = ablated(one);
        const published = model === LAW ? undefined : reported;
        const says = `${label}: they are complementary, ${model} (less the co-information)`;
        return positive(says, one, { published });
      }),
      ...permuted.measurements.flatMap((one) => {
        const { model, label } = ablated(one);
        if (label !== EDUCATION && label !== EVERYTHING) return [];
        const what = label === EDUCATION ? label : "the covariates";
        return [positive(`${model} leans on ${what}: permuted at test it predicts worse`, one)];
      }),
    ];
  },
};

/** A method's predictions under each ablation, and its further fits. */
interface LeftOut extends Omit<Ablation, "rows"> {
  comparison: Compared & Partial<Pick<Comparison, "failures">>;
  fits: Awaited<ReturnType<typeof fitsOf>>;
}

/** "CAREER: Without gender" */
const nameOf = (model: string, label: string) => `${model}: ${label}`;

/** The method and the ablation that a measurement's model is. */
export function ablated({ model: name }: Pick<Measurement, "model">): { model: string; label: string } {
  const [model, label] = name.split(": ");
  return { model, label };
}

/** The same as columns of a table. @param heading of the ablations */
export function ablatedBy(heading: string): (row: Pick<Measurement, "model">) => TableRow {
  return (row) => {
    const { model, label } = ablated(row);
    return { model, [heading]: label };
  };
}

/** The language model whose text leaves covariates out. */
function tunedWithout({ ablation, surveys, seed }: Profile) {
  return (omit: readonly TextCovariate[]): Experiment => ({
    ...{ survey: surveys[0].survey, method: "fine-tuned", settings: ablation.settings, wording: { omit } },
    ...{ persons: ablation.persons, observedOnly: true, saveScores: omit.length > 0, seed },
  });
}

/** CAREER without embeddings of some covariates. */
function networkWithout({ ablation: { covariates: small }, seed }: Profile) {
  return (omit: readonly TextCovariate[]): Experiment => ({
    ...{ survey: "synthetic-psid", method: "career", persons: small.persons, observedOnly: true },
    ...{ saveScores: true, seed },
    settings: {
      ...small.settings,
      covariates: ["year", ...textCovariates.filter((one) => !omit.includes(one))],
    },
  });
}

/** All covariates, each covariate left out, some and all of them. */
function ablations(
  of: (omit: readonly TextCovariate[]) => Experiment,
  names: readonly TextCovariate[],
): NamedExperiment[] {
  const hasTogether = together.every((one) => names.includes(one));
  return [
    { label: ALL, experiment: of([]) },
    ...names.map((one) => ({ label: without(one), experiment: of([one]) })),
    ...(hasTogether ? [{ label: TOGETHER, experiment: of(together) }] : []),
    { label: NONE, experiment: of(names) },
  ];
}

/** The trained models that are given all covariates, with their own covariates and with another person's. */
function permutations(profile: Profile, plan: SurveyPlan, names: readonly TextCovariate[]): Ablation[] {
  const methods = paperMethods(profile, plan).filter(({ label }) => ["CAREER, tuned", TUNED].includes(label));
  return methods.map(({ label: model, experiment }) => {
    const own = { ...experiment, observedOnly: true };
    const row = (label: string, permuted: readonly TextCovariate[]): NamedExperiment => ({
      label,
      experiment: { ...own, conditioning: { permuted } },
    });
    return {
      ...{ model, covariates: names },
      rows: [
        { label: ALL, experiment: own },
        ...names.map((one) => row(words[one], [one])),
        row(EVERYTHING, names),
      ],
    };
  });
}

/** The covariates that are not the same for all: one that all share tells nothing. */
function varyingAmong(careers: readonly Career[]): TextCovariate[] {
  return textCovariates.filter((one) => {
    const values = careers.flatMap(({ covariates: own, observations }) =>
      one === "education" ? observations.map(({ education }) => education) : [own[one]],
    );
    return new Set<unknown>(values).size > 1;
  });
}

/** The law itself, not told what does not change; the year of birth alone, since it then sums over many persons. */
async function lawWithout({ survey, split, scores: known }: Comparison): Promise<LeftOut> {
  const { careers } = split.test;
  const law = oracleOf(split.test)!;
  const scored = (names: Parameters<typeof hideCovariates>[1]) =>
    scoreObserved(law, hideCovariates(careers, names));
  const scores: Comparison["scores"] = { [ALL]: known[ORACLE] };
  for (const one of fixed) scores[without(one)] = await scored([one]);
  scores[TOGETHER] = await scored(together);
  // Nothing of it is fitted.
  return { model: LAW, covariates: fixed, comparison: { survey, scores, outcomes: {} }, fits: [] };
}

function skippedOf(model: string, { survey, failures = {} }: LeftOut["comparison"]): Results["skipped"] {
  return Object.entries(failures).map(([label, reason]) => ({ survey, model: nameOf(model, label), reason }));
}

/** What ablations cost: mean of -ln P above that with all covariates. */
function costsOf(
  { model, comparison, fits }: Pick<LeftOut, "model" | "comparison" | "fits">,
  labels: readonly string[],
): Measurement[] {
  const known = labels.filter((label) => [ALL, label].every((one) => one in comparison.scores));
  return known.map((label) => {
    const terms = [
      { times: 1, comparison, label },
      { times: -1, comparison, label: ALL },
    ];
    return contrastOf(nameOf(model, label), terms, fits);
  });
}

function measureLeftOut(one: LeftOut, bootstrap: { replications: number; seed: number }): Measurement[] {
  const { survey, scores } = one.comparison;
  const labels = [...one.covariates.map(without), TOGETHER, NONE];
  const known = [ALL, ...labels].filter((label) => label in scores);
  const models = Object.fromEntries(known.map((label) => [nameOf(one.model, label), scores[label]]));
  const measured = measurePerplexity(survey, models, { ...bootstrap, kinds: ["all"] });
  return [...where(measured, { measure: "perplexity" }), ...costsOf(one, labels)];
}

/** @param sign 1, or -1 for the complementarity */
function coInformationOf(
  { model, covariates: names, comparison, fits }: LeftOut,
  sign: 1 | -1,
): Measurement[] {
  const sets = [
    { label: TOGETHER, each: together },
    { label: NONE, each: names },
  ];
  const known = sets.filter(({ label, each }) =>
    [label, ALL, ...each.map(without)].every((one) => one in comparison.scores),
  );
  return known.map(({ label, each }) => {
    const terms = coInformation(ALL, each.map(without), label).map(({ times, of }) => ({
      ...{ times: sign * times, comparison, label: of },
    }));
    const found = contrastOf(nameOf(model, label), terms, fits);
    return sign === 1 ? { ...found, measure: "co-information" } : found;
  });
}

/** Holds the claim that a number is above 0 against it. */
function positive(
  says: string,
  one: Measurement,
  { published, oracle }: { published?: Claim["published"]; oracle?: number } = {},
): Finding {
  return judgeMeasurement({ says, expects: { is: "above", bound: 0 }, published }, one, { oracle });
}
