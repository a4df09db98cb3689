import {
  allPersonsInFull,
  type Comparison,
  compareMethods,
  type NamedExperiment,
  ORACLE,
  type Profile,
  paperMethods,
} from "../experiments";
import {
  auc,
  compareEvents,
  type EventComparisonOptions,
  type EventForecast,
  eventForecast,
  type Measurement,
  only,
  type TitleEvent,
  titleEvents,
  where,
  withAdjustedP,
} from "../metrics";
import { type Claim, type Finding, judgeMeasurement, published, publishedNumber } from "../results";
import { headlineMeasures, type Measure, type MeasuredFits, wholeOfMeasure } from "./evidence";
import { type Results, resultsOf, type Study } from "./study";

/** The tasks that the paper reads from a distribution over titles, on the first survey and on one whose law is known. */
export interface EventsPlan {
  profile: Profile;
  /** The methods on each survey. */
  surveys: NamedExperiment[][];
  /** Of equal mass, for calibration. */
  bins: number;
}

export interface EventsFound extends Results {
  surveys: EventsOnSurvey[];
  /** What a model says of the event that a measurement is of. */
  forecastOf(one: Measurement): EventForecast;
}

/** What was measured of the events of one survey. */
export interface EventsOnSurvey {
  survey: string;
  /** Names of the events. */
  events: string[];
  distributions: Comparison["distributions"];
  /** Differences are to the model that the claims are about. */
  measurements: Measurement[];
  /** Differences of AUC to the oracle, where the law is known. */
  toOracle: Measurement[];
  /** AUCs of several fits, by which claims on them are judged on the whole error. */
  fits: readonly MeasuredFits[];
}

const MODEL = "Fine-tuned";
const OTHERS = ["CAREER, tuned", "Markov, given education"];

/** Who moves, who is out of work, and how far can one trust the probability? */
export const movesAndStates: Study<EventsPlan, EventsFound> = {
  id: "10",
  question: "Who moves, who is out of work, and how far can one trust the probability?",

  plan(profile) {
    const surveys = profile.surveys.filter(({ survey }, i) => i === 0 || survey === "synthetic-nlsy97");
    const rows = surveys.map((one) =>
      paperMethods(profile, allPersonsInFull(one)).filter(({ label }) => [MODEL, ...OTHERS].includes(label)),
    );
    return { profile, surveys: rows, bins: 10 };
  },

  async run({ profile, surveys, bins }) {
    const { replications, seed } = profile;
    const comparisons: Comparison[] = [];
    const found: EventsOnSurvey[] = [];
    for (const rows of surveys) {
      const comparison = await compareMethods(rows, { reference: MODEL, replications, seed });
      const events = titleEvents(comparison.split.test.titles);
      comparisons.push(comparison);
      found.push({
        ...measureEvents(comparison, events, { model: MODEL, replications, seed, bins }),
        fits: await headlineMeasures(profile, rows, areasOf(events)),
      });
    }
    return {
      ...resultsOf(profile, comparisons),
      measurements: found.flatMap(({ measurements }) => measurements),
      surveys: found,
      forecastOf({ survey, model, on }) {
        const { split, distributions } = comparisons.find((one) => one.survey === survey)!;
        const event = titleEvents(split.test.titles).find(({ name }) => name === on.event)!;
        return eventForecast(distributions[model], event);
      },
    };
  },

  judge({ surveys }) {
    return surveys.flatMap((one) => judgeEvents(one, { model: MODEL, others: OTHERS }));
  },
};

/** The areas under the ROC curves of events, by the event's name. */
export function areasOf(events: readonly TitleEvent[]): Measure {
  return {
    name: "area under the ROC curve",
    of: (distribution) =>
      Object.fromEntries(events.map((event) => [event.name, auc(eventForecast(distribution, event))])),
  };
}

/**
 * `compareEvents` of several events.
 * @param options.model that differences are to, if it could be run
 */
export function measureEvents(
  { survey, distributions }: Pick<Comparison, "survey" | "distributions">,
  events: readonly TitleEvent[],
  { model, ...options }: Omit<EventComparisonOptions, "reference" | "rows"> & { model: string },
): Omit<EventsOnSurvey, "fits"> {
  const against = (reference?: string) =>
    events.flatMap((event) => compareEvents(survey, distributions, event, { ...options, reference }));
  const toOracle = ORACLE in distributions ? against(ORACLE) : [];
  return {
    ...{ survey, distributions, events: events.map(({ name }) => name) },
    measurements: against(model in distributions ? model : undefined),
    toOracle: where(toOracle, { measure: "AUC difference" }),
  };
}

/**
 * Claims on the events of one survey: the model ranks each better than chance and than the others, its probabilities are
 * true; where the law is known, the oracle's are, and no model ranks better than the oracle. Claims on models that are
 * absent are left out.
 */
export function judgeEvents(
  { survey, events, distributions, measurements, toOracle, fits }: EventsOnSurvey,
  { model, others }: { model: string; others: readonly string[] },
): Finding[] {
  if (!(model in distributions)) return [];
  // Of several events one is off by chance: p-values are adjusted for their number.
  const adjusted = withAdjustedP(measurements, "events");
  return events.flatMap((event) => {
    const on = { event };
    const area = (of: string) => only(measurements, { model: of, measure: "AUC", on });
    const beyondChance = (of: string) =>
      only(adjusted, { model: of, measure: "calibration error beyond chance", on });
    const lawOf = (measured: (of: string) => Measurement) =>
      ORACLE in distributions ? measured(ORACLE).estimate.value : undefined;
    const judged = (one: Measurement, claim: Claim, parts: Parameters<typeof wholeOfMeasure>[3]) => {
      const error = { error: one.estimate.standardError, of: one.persons };
      return judgeMeasurement(claim, one, {
        whole: wholeOfMeasure(fits, { survey, name: event }, error, parts),
        oracle: one.measure === "AUC" ? lawOf(area) : undefined,
      });
    };
    const calibrated = (of: string, oracle?: number) =>
      judgeMeasurement(
        {
          says: `The probabilities of ${event} are true, ${of}: calibration error beyond chance`,
          expects: { is: "at most", bound: 0 },
        },
        beyondChance(of),
        { oracle },
      );
    const found = [
      judged(
        area(model),
        {
          says: `${model} ranks ${event} better than chance: AUC above 0.5`,
          expects: { is: "above", bound: 0.5 },
          beside: publishedAuc(event),
        },
        [{ times: 1, label: model }],
      ),
      ...others
        .filter((other) => other in distributions)
        .map((other) =>
          judged(
            reversed(only(measurements, { model: other, measure: "AUC difference", on })),
            {
              says: `${model} ranks ${event} better than ${other}: difference of AUC`,
              expects: { is: "above", bound: 0 },
            },
            [
              { times: 1, label: model },
              { times: -1, label: other },
            ],
          ),
        ),
      calibrated(model, lawOf(beyondChance)),
    ];
    if (!(ORACLE in distributions)) return found;
    found.push(calibrated(ORACLE));
    const standing = ({ estimate: { value, standardError } }: Measurement) => value / standardError;
    const [best] = where(toOracle, { on })
      .filter(({ model: of, estimate }) => of !== ORACLE && estimate.standardError > 0)
      .sort((a, b) => standing(b) - standing(a));
    // Where the event never happens, or always, nothing is ranked.
    if (best === undefined) return found;
    found.push(
      judged(
        best,
        {
          says: `No model ranks ${event} better than the oracle: difference of AUC, ${best.model}`,
          expects: { is: "at most", bound: 0 },
        },
        [
          { times: 1, label: best.model },
          { times: -1, label: ORACLE, fixed: area(ORACLE).estimate.value },
        ],
      ),
    );
    return found;
  });
}

/** The same difference seen from the other model. */
function reversed({ model, against, estimate, ...rest }: Measurement): Measurement {
  const {
    value,
    standardError,
    interval: [low, high],
  } = estimate;
  return {
    ...{ ...rest, model: against!, against: model },
    estimate: { value: -value, standardError, interval: [-high, -low] },
  };
}

/** What is published of an event like it, of another survey and model. */
function publishedAuc(event: string): Claim["beside"] {
  if (event === "move") return publishedNumber(published.auc.move);
  return event === "unemployed" ? publishedNumber(published.auc.unemployed) : undefined;
}
