import { benjaminiHochberg } from "../metrics/benjamini-hochberg";
import { compareEvents, type EventComparisonOptions, type EventRow } from "../metrics/compare-events";
import { eventForecast, type TitleEvent } from "../metrics/events";
import { auc } from "../metrics/roc";
import { type Comparison, ORACLE } from "./compare-methods";
import { judgeMeasure, type MeasureClaim, type MeasureClaimRow } from "./measure-claims";
import { type Measure, type MeasuredFits, wholeOfMeasure } from "./measured-fits";
import { published, quote } from "./published";

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
): ({ survey: string } & MeasureClaimRow)[] {
  if (!(model in distributions)) return [];
  const compared = events.map((event) =>
    compareEvents(distributions, event, { ...options, reference: model }),
  );
  return events.flatMap((event, e) => {
    const rows = compared[e];
    const named = (name: string) => rows.find((row) => row.model === name)!;
    // Of several events one is off by chance: p-values are adjusted for their number.
    const calibrated = (name: string) => {
      const own = compared.map((one) => one.find((row) => row.model === name)!.calibrationP);
      return calibrationClaim(named(name), benjaminiHochberg(own)[e], name === ORACLE ? undefined : oracle);
    };
    const oracle = ORACLE in distributions ? named(ORACLE) : undefined;
    const whole = (error: number, ...parts: Parameters<typeof wholeOfMeasure>[3][number][]) =>
      wholeOfMeasure(fits, { survey, name: event.name }, { error, of: named(model).persons }, parts);
    const claims: MeasureClaim[] = [
      {
        claim: `${model} ranks ${event.name} better than chance: AUC above 0.5`,
        beside: publishedAuc(event.name),
        ...areaOf(named(model)),
        whole: whole(named(model).aucError, { times: 1, label: model }),
        oracle: oracle?.auc,
        above: 0.5,
      },
      ...others
        .filter((other) => other in distributions)
        .map((other) => ({
          claim: `${model} ranks ${event.name} better than ${other}: difference of AUC`,
          ...negated(named(other)),
          whole: whole(
            named(other).aucDifferenceError,
            { times: 1, label: model },
            { times: -1, label: other },
          ),
        })),
      calibrated(model),
    ];
    if (oracle !== undefined) {
      claims.push(calibrated(ORACLE));
      const toOracle = compareEvents(distributions, event, { ...options, reference: ORACLE });
      const rivals = toOracle.filter((row) => row.model !== ORACLE && row.aucDifferenceError > 0);
      const best = rivals.sort((a, b) => standing(b) - standing(a))[0];
      // Where the event never happens, or always, nothing is ranked.
      if (best === undefined) return claims.map((claim) => ({ survey, ...judgeMeasure(claim) }));
      claims.push({
        claim: `No model ranks ${event.name} better than the oracle: difference of AUC, ${best.model}`,
        ...{ ours: best.aucDifference, error: best.aucDifferenceError, atMost: 0, persons: best.persons },
        ...{ low: best.aucDifferenceLow, high: best.aucDifferenceHigh },
        whole: whole(
          best.aucDifferenceError,
          { times: 1, label: best.model },
          { times: -1, label: ORACLE, fixed: named(ORACLE).auc },
        ),
      });
    }
    return claims.map((claim) => ({ survey, ...judgeMeasure(claim) }));
  });
}

function publishedAuc(event: string): string | undefined {
  if (event === "move") return quote(published.auc.move);
  return event === "unemployed" ? quote(published.auc.unemployed) : undefined;
}

function areaOf({ auc, aucError, aucLow, aucHigh, persons }: EventRow) {
  return { ours: auc, error: aucError, low: aucLow, high: aucHigh, persons };
}

/** The reference's area less the row's. */
function negated(row: EventRow) {
  const { aucDifference, aucDifferenceError, aucDifferenceLow, aucDifferenceHigh, persons } = row;
  return {
    ours: -aucDifference,
    error: aucDifferenceError,
    low: -aucDifferenceHigh,
    high: -aucDifferenceLow,
    persons,
  };
}

/** The calibration error less what a true model has by chance, whose spread is the standard error. */
function calibrationClaim(row: EventRow, p: number, oracle?: EventRow): MeasureClaim {
  const beyond = (one: EventRow) => one.calibrationError - one.calibrationErrorByChance;
  return {
    claim: `The probabilities of ${row.event} are true, ${row.model}: calibration error beyond chance`,
    ours: beyond(row),
    error: row.calibrationErrorByChanceError,
    oracle: oracle && beyond(oracle),
    atMost: 0,
    p,
  };
}

const standing = ({ aucDifference, aucDifferenceError }: EventRow) => aucDifference / aucDifferenceError;
