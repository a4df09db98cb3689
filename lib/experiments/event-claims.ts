import { benjaminiHochberg } from "../metrics/benjamini-hochberg";
import { compareEvents, type EventComparisonOptions, type EventRow } from "../metrics/compare-events";
import { eventForecast, type TitleEvent } from "../metrics/events";
import { auc } from "../metrics/roc";
import type { Measured } from "../metrics/standing";
import { type Claim, type Evidence, type Finding, judge, published, publishedNumber } from "../results";
import { type Comparison, ORACLE } from "./compare-methods";
import { type Measure, type MeasuredFits, wholeOfMeasure } from "./measured-fits";

export interface EventClaimOptions extends Omit<EventComparisonOptions, "reference" | "rows"> {
  /** The model that the claims are about. */
  model: string;
  /** Models that it is held against. */
  others: readonly string[];
  /** Areas of several fits (`areasOf`), with which claims on them are judged on the whole error. */
  fits?: readonly MeasuredFits[];
}

/** The areas under the ROC curves of events, by the event's name. */
export function areasOf(events: readonly TitleEvent[]): Measure {
  return {
    name: "area under the ROC curve",
    of: (distribution) =>
      Object.fromEntries(events.map((event) => [event.name, auc(eventForecast(distribution, event))])),
  };
}

/**
 * Claims on events of one survey: the model ranks each better than chance and than the others, its probabilities are
 * true; where the law is known, the oracle's are, and no model ranks better than the oracle. Claims on models that are
 * absent are left out.
 */
export function judgeEvents(
  { survey, distributions }: Pick<Comparison, "survey" | "distributions">,
  events: readonly TitleEvent[],
  { model, others, fits = [], ...options }: EventClaimOptions,
): Finding[] {
  if (!(model in distributions)) return [];
  const compared = events.map((event) =>
    compareEvents(distributions, event, { ...options, reference: model }),
  );
  return events.flatMap((event, e) => {
    const rows = compared[e];
    const named = (name: string) => rows.find((row) => row.model === name)!;
    const oracle = ORACLE in distributions ? named(ORACLE) : undefined;
    const whole = (error: number, ...parts: Parameters<typeof wholeOfMeasure>[3][number][]) =>
      wholeOfMeasure(fits, { survey, name: event.name }, { error, of: named(model).persons }, parts);
    // Of several events one is off by chance: p-values are adjusted for their number.
    const calibrated = (name: string) => {
      const own = compared.map((one) => one.find((row) => row.model === name)!.calibrationP);
      const among = { p: benjaminiHochberg(own)[e], of: events.length, what: "events" };
      return calibration(survey, named(name), among, name === ORACLE ? undefined : oracle);
    };
    const found: Finding[] = [
      judge(
        {
          says: `${model} ranks ${event.name} better than chance: AUC above 0.5`,
          expects: { is: "above", bound: 0.5 },
          beside: publishedAuc(event.name),
        },
        {
          ...{ survey, measure: "AUC", measured: areaOf(named(model)), oracle: oracle?.auc },
          whole: whole(named(model).aucError, { times: 1, label: model }),
        },
      ),
      ...others
        .filter((other) => other in distributions)
        .map((other) =>
          judge(
            {
              says: `${model} ranks ${event.name} better than ${other}: difference of AUC`,
              expects: { is: "above", bound: 0 },
            },
            {
              ...{ survey, measure: "AUC difference", measured: negated(differenceOf(named(other))) },
              whole: whole(
                named(other).aucDifferenceError,
                { times: 1, label: model },
                { times: -1, label: other },
              ),
            },
          ),
        ),
      calibrated(model),
    ];
    if (oracle === undefined) return found;
    found.push(calibrated(ORACLE));
    const toOracle = compareEvents(distributions, event, { ...options, reference: ORACLE });
    const rivals = toOracle.filter((row) => row.model !== ORACLE && row.aucDifferenceError > 0);
    const best = rivals.sort((a, b) => standing(b) - standing(a))[0];
    // Where the event never happens, or always, nothing is ranked.
    if (best === undefined) return found;
    found.push(
      judge(
        {
          says: `No model ranks ${event.name} better than the oracle: difference of AUC, ${best.model}`,
          expects: { is: "at most", bound: 0 },
        },
        {
          ...{ survey, measure: "AUC difference", measured: differenceOf(best) },
          whole: whole(
            best.aucDifferenceError,
            { times: 1, label: best.model },
            { times: -1, label: ORACLE, fixed: named(ORACLE).auc },
          ),
        },
      ),
    );
    return found;
  });
}

/** What is published of an event like it, of another survey and model. */
function publishedAuc(event: string): Claim["beside"] {
  if (event === "move") return publishedNumber(published.auc.move);
  return event === "unemployed" ? publishedNumber(published.auc.unemployed) : undefined;
}

function areaOf({ auc, aucError, aucLow, aucHigh, persons }: EventRow): Measured {
  return { value: auc, standardError: aucError, interval: [aucLow, aucHigh], persons };
}

/** The row's area less the reference's. */
function differenceOf(row: EventRow): Measured {
  const { aucDifference: value, aucDifferenceError: standardError, persons } = row;
  return { value, standardError, interval: [row.aucDifferenceLow, row.aucDifferenceHigh], persons };
}

function negated({ value, interval: [low, high] = [NaN, NaN], ...rest }: Measured): Measured {
  return { ...rest, value: -value, interval: [-high, -low] };
}

/** That a model's probabilities are true: the calibration error less what a true model has by chance, whose spread is the standard error. */
function calibration(survey: string, row: EventRow, among: Evidence["among"], oracle?: EventRow): Finding {
  const beyond = (one: EventRow) => one.calibrationError - one.calibrationErrorByChance;
  return judge(
    {
      says: `The probabilities of ${row.event} are true, ${row.model}: calibration error beyond chance`,
      expects: { is: "at most", bound: 0 },
    },
    {
      ...{ survey, measure: "calibration error beyond chance", among, oracle: oracle && beyond(oracle) },
      measured: { value: beyond(row), standardError: row.calibrationErrorByChanceError },
    },
  );
}

const standing = ({ aucDifference, aucDifferenceError }: EventRow) => aucDifference / aucDifferenceError;
