import { UserError } from "../../errors";
import {
  type Experiment,
  forecastExperiment,
  ORACLE,
  runExperiment,
  scoredYears,
  showFit,
  splitOf,
} from "../../experiments";
import { type ComparisonOptions, exactly, type Measurement, measurePerplexity, only } from "../../metrics";
import {
  aheadFrom,
  type Forecast,
  type ObservedScores,
  observedScores,
  scoreObserved,
  selectForecast,
} from "../../predictions";
import { oracleAhead, oracleOf } from "../../surveys";
import type { ChangePlan, Measured } from "./compare-change";

/**
 * CAREER's forecasting protocol (Vafa et al. 2024): models learn from years before `year`; of test persons those years
 * are known, later ones simulated, and each later year is scored under the mean over simulated careers. Education
 * stays what it was. On a synthetic survey the oracle's forecast is exact.
 * @returns by method and year the perplexity, the Monte Carlo error of the mean ln P by the sampling of careers, nats (0 where
 * nothing was sampled), and the perplexity of one-year predictions, which know the years between
 */
export async function compareForecasts(
  { year, span, what, methods }: ChangePlan,
  paths: number,
  options: Omit<ComparisonOptions, "reference"> = {},
): Promise<Measured> {
  const measured: Measured = { measurements: [], skipped: [] };
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
      if (oracle !== undefined && measured.measurements.every(({ model }) => model !== ORACLE)) {
        const truth = scoredYears(await scoreObserved(oracle, careers), own.years);
        const exact = oracleAhead(oracle, careers, aheads);
        measured.measurements.push(...byYear(survey, ORACLE, exact, truth, options));
      }
      measured.measurements.push(...byYear(survey, label, forecast, known.scores, options));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const on = { transition: "all", year, change: what } as const;
      measured.skipped.push({ survey, model: label, on, reason: error.message });
    }
  }
  return measured;
}

function byYear(
  survey: string,
  model: string,
  forecast: Forecast,
  oneYearAhead: ObservedScores,
  options: Omit<ComparisonOptions, "reference">,
): Measurement[] {
  const { year } = forecast.distribution;
  const years = [...new Set(year)].sort((a, b) => a - b);
  return years.flatMap((one) => {
    const { distribution, monteCarloError } = selectForecast(forecast, (n) => year[n] === one);
    // Persons first seen after the forecast began have no forecast: rows are those of both.
    const known = scoredYears(oneYearAhead, { test: { from: one, to: one } });
    const perplexityOf = (scores: ObservedScores) =>
      only(measurePerplexity(survey, { [model]: scores }, { ...options, kinds: ["all"] }), {
        measure: "perplexity",
      });
    const own = {
      ...perplexityOf(observedScores(distribution)),
      on: { transition: "all", year: one } as const,
    };
    const J = distribution.titles.size;
    const squares = distribution.observed.reduce((sum, title, n) => {
      const relative =
        (monteCarloError?.[n * J + title] ?? 0) / Math.exp(distribution.logProbability[n * J + title]);
      return sum + relative ** 2;
    }, 0);
    const sampling = exactly(Math.sqrt(squares) / distribution.observed.length);
    return [
      own,
      { ...own, measure: "Monte Carlo error", estimate: sampling },
      { ...own, measure: "one-year perplexity", estimate: perplexityOf(known).estimate },
    ];
  });
}
