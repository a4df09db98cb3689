import { countPersonYears } from "../careers/person-years";
import type { PanelSplit } from "../careers/split";
import { UserError } from "../errors";
import { aheadFrom, type Forecast, oracleAhead, selectForecast } from "../forecasts";
import { type ComparisonOptions, type ComparisonRow, comparePerplexity } from "../metrics/compare";
import type { TitleDistribution } from "../models/title-distribution";
import { oracleOf, syntheticNamed, syntheticOracle } from "../surveys/synthetic";
import { type NamedExperiment, ORACLE } from "./compare-methods";
import { cutSplit, type Experiment, runExperiment, scoredYears, splitOf, wholeSplit } from "./experiment";
import { forecastExperiment } from "./kept-forecast";
import { showFit } from "./progress";

/** A year in which the world may change, and what is tested on either side of it. */
export interface ChangePlan {
  /** The first year after the change. */
  year: number;
  what: string;
  /** Years tested on either side. */
  span: number;
  /** Years trained on before it. Default: all that there are. */
  history?: number;
  /** Whether the law of a synthetic survey is a row too. Default true. */
  law?: boolean;
  /** Methods on one survey; years are set here. */
  methods: readonly NamedExperiment[];
}

/**
 * A model trained before a change: what it costs to know nothing of what came after. Perplexities with errors over
 * persons.
 */
export interface ChangeRow {
  survey: string;
  year: number;
  what: string;
  model: string;
  /**
   * On the years before the change, after it, and after it by the same method trained on those years too: of a share of
   * the persons, so that both were trained on about as many person-years.
   */
  before: number;
  beforeError: number;
  after: number;
  afterError: number;
  informed: number;
  informedError: number;
  /** Mean ln P of the informed less that of the other, after the change; nats, paired. */
  cost: number;
  costError: number;
  costLow: number;
  costHigh: number;
  personYears: number;
  /** That the two were trained on; absent of the law. */
  trainedOn?: { before: number; informed: number };
}

export interface ChangeFailure {
  survey: string;
  year: number;
  what: string;
  model: string;
  reason: string;
}

/** Name of the law as if it had not changed. */
export const LAW_BEFORE = "Law before the break";

/**
 * Trains before a change and tests before and after it, on other persons; beside it the same method trained on the later
 * years too, of so many persons that it has seen about as many person-years: more data would help in a stable world as
 * well. On a synthetic survey the first row is the
 * law as it was before the break, informed: the law itself; its cost is what any model loses that learnt the old
 * world perfectly.
 */
export async function compareChange(
  { year, what, span, history, law: withLaw = true, methods }: ChangePlan,
  options: Omit<ComparisonOptions, "reference"> = {},
): Promise<{ rows: ChangeRow[]; failures: ChangeFailure[] }> {
  const rows: ChangeRow[] = [];
  const failures: ChangeFailure[] = [];
  const test = { before: { from: year - span, to: year - 1 }, after: { from: year, to: year + span - 1 } };
  const add = (
    survey: string,
    model: string,
    parts: Parameters<typeof changeRow>[0],
    trainedOn?: ChangeRow["trainedOn"],
  ) => rows.push({ survey, year, what, model, ...changeRow(parts, options), trainedOn });
  for (const { label, experiment } of methods) {
    const { survey } = experiment;
    const until = (to: number, tested: { from: number; to: number }, share = experiment.share) => ({
      ...experiment,
      years: { train: { ...(history !== undefined && { from: year - history }), to }, test: tested },
      share,
    });
    const run = (own: ReturnType<typeof until>, split: PanelSplit) =>
      runExperiment(own, showFit(`${survey} to ${own.years.train.to}, ${label}`), split);
    const trained = ({ train }: PanelSplit) => countPersonYears(train.careers);
    try {
      const [early, stale] = [until(year - 1, test.before), until(year - 1, test.after)];
      const whole = wholeSplit(experiment);
      const known = cutSplit(whole, stale);
      const all = cutSplit(whole, until(year + span - 1, test.after));
      const share = (trained(known) / trained(all)) * (experiment.share ?? 1);
      const fresh = until(year + span - 1, test.after, share);
      const informedOn = cutSplit(whole, fresh);
      const before = await run(early, cutSplit(whole, early));
      const after = await run(stale, known);
      const informed = await run(fresh, informedOn);
      if (withLaw && rows.every((row) => row.model !== LAW_BEFORE)) {
        const law = await lawAcross(
          survey,
          cutSplit(whole, { ...experiment, years: { test: test.after } }),
          test,
        );
        if (law !== undefined) add(survey, LAW_BEFORE, law);
      }
      const distributions = [before, after, informed].map(({ distribution }) => distribution);
      add(
        survey,
        label,
        { before: distributions[0], after: distributions[1], informed: distributions[2] },
        { before: trained(known), informed: trained(informedOn) },
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push({ survey, year, what, model: label, reason: error.message });
    }
  }
  return { rows, failures };
}

function changeRow(
  {
    before,
    after,
    informed,
  }: { before: TitleDistribution; after: TitleDistribution; informed: TitleDistribution },
  options: Omit<ComparisonOptions, "reference">,
) {
  const all = { ...options, kinds: ["all"] as const };
  const [then] = comparePerplexity({ before }, all);
  const [reference, row] = comparePerplexity({ informed, after }, { ...all, reference: "informed" });
  return {
    before: then.perplexity,
    beforeError: then.perplexityError,
    after: row.perplexity,
    afterError: row.perplexityError,
    informed: reference.perplexity,
    informedError: reference.perplexityError,
    cost: row.logRatio,
    costError: row.logRatioError,
    costLow: row.logRatioLow,
    costHigh: row.logRatioHigh,
    personYears: row.personYears,
  };
}

/** The law without its break beside the law itself. */
async function lawAcross(
  survey: string,
  { test }: PanelSplit,
  years: { before: { from: number; to: number }; after: { from: number; to: number } },
) {
  const named = syntheticNamed(survey);
  if (named === undefined) return undefined;
  const { break: _, ...unbroken } = named.options.law ?? {};
  const stale = await syntheticOracle(named.kind, { ...named.options, law: unbroken }).predict(test.careers);
  const law = await syntheticOracle(named.kind, named.options).predict(test.careers);
  return {
    before: scoredYears(stale, { test: years.before }),
    after: scoredYears(stale, { test: years.after }),
    informed: scoredYears(law, { test: years.after }),
  };
}

/** A forecast of a year after the last that is known, by simulated careers, beside the prediction that knows all up to then. */
export interface ForecastRow
  extends Pick<ComparisonRow, "perplexity" | "perplexityError" | "perplexityLow" | "perplexityHigh"> {
  survey: string;
  model: string;
  year: number;
  persons: number;
  /** Of the mean ln P by the sampling of careers, nats; 0 where nothing was sampled. */
  monteCarloError: number;
  /** Perplexity of one-year predictions, which know the years between. */
  oneYear: number;
  oneYearError: number;
}

/**
 * CAREER's forecasting protocol (Vafa et al. 2024): models learn from years before `year`; of test persons those years
 * are known, later ones simulated, and each later year is scored under the mean over simulated careers. Education
 * stays what it was. On a synthetic survey the oracle's forecast is exact.
 */
export async function compareForecasts(
  { year, span, what, methods }: ChangePlan,
  paths: number,
  options: Omit<ComparisonOptions, "reference"> = {},
): Promise<{ rows: ForecastRow[]; failures: ChangeFailure[] }> {
  const rows: ForecastRow[] = [];
  const failures: ChangeFailure[] = [];
  const to = year + span - 1;
  for (const { label, experiment } of methods) {
    const own: Experiment = { ...experiment, years: { train: { to: year - 1 }, test: { from: year, to } } };
    const { survey } = own;
    try {
      const split = splitOf(own);
      const { careers } = split.test;
      const aheads = aheadFrom(careers, year - 1, to);
      const plan = { how: "composed", paths, education: "held" } as const;
      const forecast = await forecastExperiment(own, split, careers, aheads, plan);
      const known = await runExperiment(own, showFit(`${survey} to ${year - 1}, ${label}`), split);
      const oracle = oracleOf(split.test);
      if (oracle !== undefined && rows.every(({ model }) => model !== ORACLE)) {
        const told = scoredYears(await oracle.predict(careers), own.years);
        rows.push(...byYear(survey, ORACLE, oracleAhead(oracle, careers, aheads), told, options));
      }
      rows.push(...byYear(survey, label, forecast, known.distribution, options));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push({ survey, year, what, model: label, reason: error.message });
    }
  }
  return { rows, failures };
}

function byYear(
  survey: string,
  model: string,
  forecast: Forecast,
  told: TitleDistribution,
  options: Omit<ComparisonOptions, "reference">,
): ForecastRow[] {
  const { year } = forecast.distribution;
  const years = [...new Set(year)].sort((a, b) => a - b);
  return years.map((one) => {
    const { distribution, monteCarloError } = selectForecast(forecast, (n) => year[n] === one);
    // Persons first seen after the forecast began have no forecast: rows are those of both.
    const known = scoredYears(told, { test: { from: one, to: one } });
    const [row] = comparePerplexity({ [model]: distribution }, { ...options, kinds: ["all"] });
    const [oneYear] = comparePerplexity({ [model]: known }, { ...options, kinds: ["all"] });
    const { perplexity, perplexityError, perplexityLow, perplexityHigh, persons } = row;
    const J = distribution.titles.size;
    const squares = distribution.observed.reduce((sum, title, n) => {
      const relative =
        (monteCarloError?.[n * J + title] ?? 0) / Math.exp(distribution.logProbability[n * J + title]);
      return sum + relative ** 2;
    }, 0);
    return {
      ...{ survey, model, year: one, persons, perplexity, perplexityError, perplexityLow, perplexityHigh },
      monteCarloError: Math.sqrt(squares) / distribution.observed.length,
      oneYear: oneYear.perplexity,
      oneYearError: oneYear.perplexityError,
    };
  });
}
