import {
  bootstrapOf,
  type Experiment,
  type NamedExperiment,
  type Profile,
  provenance,
  unlessTooCostly,
} from "../../experiments";
import { type Measurement, only, where } from "../../metrics";
import { type Finding, judge, judgeMeasurement } from "../../results";
import type { Results, Study } from "../study";
import { type ChangePlan, compareChange, LAW_BEFORE, type Measured } from "./compare-change";
import { compareForecasts } from "./forecasts";
import { amongOrdinaryYears, amongYearsClaims, compareYears, type YearsPlan } from "./ordinary-years";

/** A law that breaks, its twin that does not, and years of the first survey in which the world changed. */
export interface StructuralChangePlan {
  profile: Profile;
  /** The law with a break, and without. */
  broken: ChangePlan;
  twin: ChangePlan;
  real: ChangePlan[];
  /** Years one after the other, so that a break stands among ordinary years. */
  years: YearsPlan[];
  /** Methods of which careers are simulated, and how many paths of each. */
  forecasts: { plan: ChangePlan; paths: number }[];
}

export interface StructuralChangeFound extends Results {
  /** Of the law with a break, and without. */
  broken: Measurement[];
  twin: Measurement[];
  real: Measurement[];
  /** Costs of not knowing by first year tested, of each plan. */
  years: Measured[];
  /** Each break among the ordinary years of its survey. */
  among: Measurement[];
  /** Of the law, and of the first survey. */
  forecasts: { law: Measured; real: Measured };
}

/** What does a model know after the world has changed? */
export const worldChanges: Study<StructuralChangePlan, StructuralChangeFound> = {
  id: "12",
  question: "What does a model know after the world has changed?",

  plan(profile) {
    const { seed, base, fineTuning, settings, surveys } = profile;
    const lawPersons = { train: 400, validation: 80, test: 100 };
    const onLaw = (survey: string): NamedExperiment[] => [
      { label: "Markov", experiment: { survey, method: "markov", persons: lawPersons, seed } },
      {
        label: "Bag of jobs",
        experiment: {
          ...{ survey, method: "bag-of-jobs", settings: settings["bag-of-jobs"] },
          ...{ persons: lawPersons, seed },
        },
      },
    ];
    const broken: ChangePlan = {
      ...{ year: 1986, what: "the law breaks", span: 4 },
      methods: onLaw("synthetic-nlsy79-break-1986"),
    };
    const twin = { ...broken, what: "nothing: the twin without a break", methods: onLaw("synthetic-nlsy79") };
    const [{ survey, persons }] = surveys;
    const on = (method: string, own: object = {}): Experiment => ({
      ...{ survey, method, settings: { ...settings[method], ...own }, persons, seed },
    });
    // A language model is fitted twice for each year: on fewer persons.
    const tuned = { ...on("fine-tuned", { base, training: fineTuning }), persons: FEW };
    const methods: NamedExperiment[] = [
      { label: "Markov", experiment: on("markov") },
      { label: "Two-stage regression", experiment: on("regression") },
      { label: "CAREER", experiment: on("career") },
      {
        ...unlessTooCostly(profile, { label: "Fine-tuned, before a change", experiment: tuned }),
        label: "Fine-tuned",
      },
    ];
    const real: ChangePlan[] = [
      { year: 1984, what: "a year like others", span: 4, methods },
      { year: 2008, what: "the Great Recession", span: 4, methods },
      { year: 2020, what: "the pandemic", span: 2, methods },
    ];
    const stretch = { history: 3, span: 2 };
    // The error of one year is part of what ordinary years differ by: 100 test persons were too few to tell the law's own
    // break. Another split than that which showed it.
    const many = (from: string): NamedExperiment => ({
      label: "Markov",
      experiment: {
        ...{ survey: from, method: "markov", seed: seed + 1 },
        persons: { ...lawPersons, test: 300 },
      },
    });
    const lawYears = [1986, 1990].map((year) => ({
      ...stretch,
      breaks: [{ year, what: "the law breaks" }],
      methods: [many(`synthetic-nlsy79-break-${year}`)],
    }));
    const breaks = real.slice(1).map(({ year, what }) => ({ year, what }));
    return {
      ...{ profile, broken, twin, real },
      years: [...lawYears, { ...stretch, breaks, methods: methods.slice(0, 2) }],
      forecasts: [
        { plan: { ...broken, methods: broken.methods.slice(0, 1) }, paths: 2 },
        ...real.flatMap((plan) => [
          { plan: { ...plan, methods: methods.slice(0, 3) }, paths: 100 },
          { plan: { ...plan, methods: methods.slice(3) }, paths: 16 },
        ]),
      ],
    };
  },

  async run({ profile, broken, twin, real, years, forecasts }) {
    const bootstrap = bootstrapOf(profile);
    const changes: Measured[] = [];
    for (const one of [broken, twin, ...real]) changes.push(await compareChange(one, bootstrap));
    const byYear: Measured[] = [];
    for (const one of years) byYear.push(await compareYears(one, bootstrap));
    const ahead: Measured[] = [];
    for (const { plan, paths } of forecasts) ahead.push(await compareForecasts(plan, paths, bootstrap));
    const [onBroken, onTwin, ...onReal] = changes.map(({ measurements }) => measurements);
    const names = [broken, twin, real[0]].map(({ methods: [{ experiment }] }) => experiment.survey);
    return {
      measurements: changes.flatMap(({ measurements }) => measurements),
      skipped: changes.flatMap(({ skipped }) => skipped),
      caption: provenance(profile, `${names[0]}, its twin, ${names[2]}`),
      noteOn: () => "",
      ...{ broken: onBroken, twin: onTwin, real: onReal.flat(), years: byYear },
      among: byYear.flatMap(({ measurements }) => amongOrdinaryYears(measurements)),
      forecasts: { law: ahead[0], real: together(ahead.slice(1)) },
    };
  },

  judge({ broken, twin, real, among }) {
    return [...breakClaims(broken, twin), ...amongYearsClaims(among), ...costClaims(real)];
  },
};

/** Persons on whom a language model is fitted, twice for each year. */
const FEW = { train: 60, validation: 20, test: 60 };

function together(parts: readonly Measured[]): Measured {
  return {
    measurements: parts.flatMap(({ measurements }) => measurements),
    skipped: parts.flatMap(({ skipped }) => skipped),
  };
}

/**
 * What a break costs beyond the passing of years: the cost on the survey with the break less that on its twin without
 * it. The persons are the same, but their later lives are not, so the errors are taken as independent, which is on the safe side.
 */
function breakClaims(broken: readonly Measurement[], twin: readonly Measurement[]): Finding[] {
  const measure = "cost of not knowing";
  return where(broken, { measure }).map(({ survey, model, estimate }) => {
    const control = only(twin, { model, measure }).estimate;
    const isLaw = model === LAW_BEFORE;
    return judge(
      {
        says: isLaw
          ? "The law before the break loses after it"
          : `The break costs beyond the passing of years: ${model}`,
        expects: { is: "above", bound: 0 },
        sides: { above: "known by construction" },
      },
      {
        ...{ survey, measure },
        measured: {
          value: estimate.value - control.value,
          standardError: Math.hypot(estimate.standardError, control.standardError),
        },
        over: isLaw ? "test persons; nothing is fitted" : undefined,
      },
    );
  });
}

/** Whether training before a year costs, in years after it. */
function costClaims(real: readonly Measurement[]): Finding[] {
  return where(real, { measure: "cost of not knowing" }).map((one) =>
    judgeMeasurement(
      {
        says: `Years from ${one.on.year} on are worth knowing: ${one.model}`,
        expects: { is: "above", bound: 0 },
      },
      one,
    ),
  );
}
