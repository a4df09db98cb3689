import {
  bootstrapOf,
  type Experiment,
  ORACLE,
  type Profile,
  paperMethods,
  provenance,
  splitOf,
  unlessTooCostly,
} from "../../experiments";
import { type Figure, linesWithIntervals, type TableRow } from "../../figures";
import { exactly, type Measurement, measurePerplexity, only, where } from "../../metrics";
import { aheadBy, composeBySampling, type Forecast, observedScores } from "../../predictions";
import { type Finding, linesFigure, measurementRows, type RowOf } from "../../results";
import { educationOfLaw, oracleAhead, oracleOf } from "../../surveys";
import type { Results, Study } from "../study";
import { betterClaims, composesInWords, correlationClaims, oracleClaim, stayClaims } from "./claims";
import { type AheadPlan, type AheadResult, compareAhead, truthAhead } from "./compare-ahead";
import { correlationNulls, nullClaims } from "./null-correlations";

/** Direct and composed predictions on the first survey, and on a law whose truth is known. */
export interface SeveralYearsPlan {
  profile: Profile;
  /** Years ahead. */
  years: number[];
  real: AheadPlan[];
  law: AheadPlan;
}

export interface SeveralYearsFound extends Results {
  years: number[];
  real: AheadResult[];
  /** Correlations with the own composed predictions beside those with another method's. */
  nulls: Measurement[];
  /** Perplexities of the law's own predictions over some years, and of a table's. */
  beside: Measurement[];
  /** Whether the law's one-year predictions compose. */
  composes: Finding;
}

/** Do one-year predictions compose to those over several years? */
export const severalYears: Study<SeveralYearsPlan, SeveralYearsFound> = {
  id: "11",
  question: "Do one-year predictions compose to those over several years?",

  plan(profile) {
    const { seed, ablation, surveys } = profile;
    const [{ survey, persons }] = surveys;
    const years = [2, 3, 4, 5];
    const own = (method: string, settings?: object): Experiment => ({
      ...{ survey, persons, seed, method },
      ...(settings && { settings }),
    });
    // The fits of notebook 02, asked about fewer persons.
    const papers = new Map(
      paperMethods(profile, surveys[0]).map(({ label, experiment }) => [label, experiment]),
    );
    const few = (label: string, test: number): Experiment => ({
      ...papers.get(label)!,
      observedOnly: undefined,
      persons: { ...persons, test },
    });
    const tuned = unlessTooCostly(profile, {
      label: "Fine-tuned, several years ahead",
      experiment: few("Fine-tuned", 10),
    }).experiment;
    // A fine-tuning for a number of years is on few persons, and so is the one that it stands beside.
    const tunedOnFew = {
      ...tuned,
      settings: ablation.settings,
      persons: { ...ablation.persons, test: 10 },
    };
    const trained = (label: string, experiment: Experiment, paths: number, ahead = years): AheadPlan => ({
      ...{ label, experiment, years: ahead, direct: "trained", composed: { paths } },
    });
    const asked = (label: string, experiment: Experiment, paths: number): AheadPlan => ({
      ...{ label, experiment, years, direct: "asked", composed: { paths } },
    });
    const law: Experiment = {
      ...{ survey: "synthetic-nlsy79", persons: { train: 400, validation: 80, test: 20 } },
      ...{ years: { test: { to: 1986 } }, seed, method: "markov" },
    };
    return {
      ...{ profile, years },
      real: [
        trained("Markov", own("markov"), 100),
        trained("Second-order Markov", own("markov", { order: 2, given: ["education"] }), 100),
        trained("Two-stage regression", own("regression"), 100),
        trained("Bag of jobs", few("Bag of jobs", 30), 30),
        // A fit for each number of years is costly: one of them.
        trained("CAREER", few("CAREER, tuned", 30), 30, [3]),
        asked("CAREER, asked", few("CAREER, tuned", 30), 30),
        trained("Fine-tuned, few persons", tunedOnFew, 16, [3]),
        asked("Fine-tuned, asked", tuned, 16),
      ],
      law: trained("Markov", law, 50, [2, 3, 4]),
    };
  },

  async run({ profile, years, real, law }) {
    const bootstrap = bootstrapOf(profile);
    const { results, skipped } = await compareAhead(real, bootstrap);
    const synthetic = await compareAhead([law], bootstrap);
    const [{ experiment }] = real;
    return {
      measurements: results.flatMap((result) => [...result.measurements, ofDifference(result)]),
      skipped,
      caption: provenance(profile, `${experiment.survey}, test persons`),
      noteOn: () => "",
      ...{ years, real: results, nulls: correlationNulls(results, bootstrap) },
      beside: besideTheLaw(truthAhead(law.experiment, law.years), synthetic.results, bootstrap),
      composes: await lawComposes(law.experiment, profile.seed),
    };
  },

  judge({ real, nulls, composes }) {
    return [
      ...correlationClaims(real),
      ...nullClaims(nulls, real),
      ...stayClaims(real),
      ...betterClaims(real),
      composes,
    ];
  },
};

/** Direct and composed predictions as a table, in words whether they compose. */
export function aheadTable({ measurements, skipped, real }: SeveralYearsFound): TableRow[] {
  const resultOf = ({ model, on }: RowOf) =>
    real.find(({ label, years }) => label === model && years === on?.ahead);
  return measurementRows(measurements, {
    measures: [
      "ln P, direct",
      "ln P, composed",
      "ln P, direct less composed",
      "Monte Carlo error",
      "Monte Carlo error over difference",
      "Monte Carlo bias",
      "correlation as sampled",
      "correlation",
      "correlation given titles",
      "correlation of movers",
      "correlation over titles",
      "distance",
      "distance by chance",
      "same title, observed",
      "same title, direct",
      "same title, composed",
    ],
    intervals: ["correlation as sampled"],
    called(row) {
      const result = resultOf(row);
      const composes = result && composesInWords(result);
      return { model: row.model, "direct prediction": result?.how, composes };
    },
    skipped,
  });
}

/** The correlations of direct and composed predictions over the years, of methods with several. */
export function correlationFigure({ measurements, years, real }: SeveralYearsFound): Figure {
  const several = real.filter((one) => one.years === "all").map(({ label }) => label);
  const shown = where(measurements, { measure: "correlation as sampled" }).filter(
    ({ model, on }) => several.includes(model) && on.ahead !== "all",
  );
  return linesFigure(shown, {
    title: "Direct and composed predictions part with the years",
    xTitle: "Years ahead",
    yTitle: "Correlation of the probabilities of what happened",
    xOf: ({ on }) => (on.ahead === "all" ? undefined : on.ahead),
    places: years,
  });
}

/** Who is in the title of the last known year: as it happened, and as two methods predict it. */
export function sameTitleFigure({ measurements, years }: SeveralYearsFound): Figure {
  const line = (model: string, measure: Measurement["measure"]) =>
    years.map((ahead) => only(measurements, { model, measure, on: { ahead } }).estimate);
  const observed = line("Markov", "same title, observed");
  return linesWithIntervals(
    years,
    [
      {
        name: "Observed",
        y: observed.map(({ value }) => value),
        low: observed.map(({ interval }) => interval[0]),
        high: observed.map(({ interval }) => interval[1]),
        colour: "#000000",
      },
      ...["Markov", "Two-stage regression"].flatMap((label, i) => {
        const colour = ["#0072B2", "#D55E00"][i];
        const values = (measure: Measurement["measure"]) => line(label, measure).map(({ value }) => value);
        return [
          { name: `${label}, direct`, y: values("same title, direct"), colour },
          { name: `${label}, composed`, y: values("same title, composed"), colour, dash: "dash" },
        ];
      }),
    ],
    {
      title: "Composed predictions forget who stays",
      xTitle: "Years ahead",
      yTitle: "Share in the title of the last known year",
    },
  );
}

/** The Monte Carlo error as a share of the difference that it is an error of. */
function ofDifference({ measurements }: AheadResult): Measurement {
  const difference = only(measurements, { measure: "ln P, direct less composed" });
  const error = only(measurements, { measure: "Monte Carlo error" }).estimate.value;
  return {
    ...difference,
    measure: "Monte Carlo error over difference",
    estimate: exactly(error / Math.abs(difference.estimate.value)),
  };
}

/** Perplexities of the law's own predictions and of a method's over as many years. */
function besideTheLaw(
  truths: readonly { years: number; forecast: Forecast }[],
  results: readonly AheadResult[],
  options: { replications: number; seed: number },
): Measurement[] {
  return truths.flatMap(({ years, forecast }) => {
    const here = results.filter((result) => result.years === years);
    const models = {
      [ORACLE]: observedScores(forecast.distribution),
      ...Object.fromEntries(
        here.flatMap(({ label, forecasts }) => [
          [`${label}, direct`, observedScores(forecasts.direct.distribution)],
          [`${label}, composed`, observedScores(forecasts.composed.distribution)],
        ]),
      ),
    };
    const [{ survey }] = results;
    return measurePerplexity(survey, models, { ...options, kinds: ["all"], reference: ORACLE }).map(
      (one) => ({ ...one, on: { ...one.on, ahead: years } }),
    );
  });
}

/** Whether the law's one-year predictions compose, by sampled careers of a few persons. */
async function lawComposes(law: Experiment, seed: number): Promise<Finding> {
  const { test } = splitOf(law);
  const persons = test.careers.filter(({ observations }) => observations.length > 5).slice(0, 10);
  const aheads = [2, 3].flatMap((ahead) => aheadBy(persons, ahead)).filter(({ known }) => known === 3);
  const oracle = oracleOf(test)!;
  const sampled = await composeBySampling(oracle, test.titles, persons, aheads, {
    ...{ paths: 60, seed, education: educationOfLaw(oracle.law) },
  });
  return oracleClaim(law.survey, oracleAhead(oracle, persons, aheads), sampled);
}
