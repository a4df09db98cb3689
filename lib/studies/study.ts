import { type Comparison, type NamedExperiment, type Profile, provenance } from "../experiments";
import type { TableRow } from "../figures";
import type { Measurement } from "../metrics";
import type { Finding, Skipped } from "../results";
import { unfinishedNote, unfinishedSentence } from "./evidence";

/** One question of the papers: what is run for it, as data; what that measures; what it says of the claims. */
export interface Study<Plan, Found> {
  /** Of the notebook that shows it. */
  id: string;
  question: string;
  /** The experiments in a profile: to be printed, changed and handed back. */
  plan(profile: Profile): Plan;
  /** Runs a plan; what was run before is taken from the cache. */
  run(plan: Plan): Promise<Found>;
  /** Holds the claims against what was found. */
  judge(found: Found): Finding[];
}

/** What a study measured. */
export interface Results {
  measurements: Measurement[];
  /** Rows that could not be made. */
  skipped: Skipped[];
  /** Where the numbers come from, for captions: profile, persons, seed, engine, fits that validation did not end. */
  caption: string;
  /** A word on a row: where it is from, if it was not fitted here, and whether its best epoch is the last. */
  noteOn(row: { survey: string; model: string }): string;
}

/** The measurements of comparisons, their rows that could not be made, and the caption for both. */
export function resultsOf(profile: Profile, comparisons: readonly Comparison[]): Results {
  const persons = comparisons.map(
    ({ survey, split: { train, test } }) =>
      `${survey} (${train.careers.length} persons to train, ${test.careers.length} to test)`,
  );
  return {
    measurements: comparisons.flatMap(({ measurements }) => measurements),
    skipped: comparisons.flatMap(({ survey, failures }) =>
      Object.entries(failures).map(([model, reason]) => ({ survey, model, reason })),
    ),
    caption: `${provenance(profile, persons.join(", "))} ${unfinishedSentence(comparisons)}`,
    noteOn({ survey, model }) {
      const outcome = comparisons.find((one) => one.survey === survey)?.outcomes[model];
      return [outcome?.note ?? "", unfinishedNote(outcome)].filter((one) => one !== "").join("; ");
    },
  };
}

/** Experiments as rows of a table: what a plan would run. */
export function planRows(experiments: readonly NamedExperiment[]): TableRow[] {
  return experiments.map(({ label, experiment }) => {
    const { survey, method, persons = {}, wording = {}, settings = {}, tooCostly } = experiment;
    const limit = (part: "train" | "validation" | "test") => persons[part] ?? "all";
    return {
      row: label,
      survey,
      method,
      persons: `${limit("train")} / ${limit("validation")} / ${limit("test")}`,
      wording: inShort(wording),
      settings: inShort(settings),
      note: tooCostly === undefined ? "" : `not run: ${tooCostly}`,
    };
  });
}

/** `titles=numeric, deal=1`, nested settings by their path. */
function inShort(value: object, path = ""): string {
  return Object.entries(value)
    .map(([name, one]) =>
      typeof one === "object" && one !== null && !Array.isArray(one)
        ? inShort(one as object, `${path}${name}.`)
        : `${path}${name}=${Array.isArray(one) ? one.join("+") : one}`,
    )
    .filter((text) => text !== "")
    .join(", ");
}
