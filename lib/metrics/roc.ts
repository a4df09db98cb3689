import { counts, type EventForecast } from "./events";

type Scores = Pick<EventForecast, "probability" | "happened" | "weight">;

/** The curve's corners, from (0, 0) to (1, 1); one for each distinct probability, so that ties are a slope. */
export interface RocCurve {
  /** The event is called where its probability is at least this; Infinity at (0, 0). */
  threshold: number[];
  /** Share of the person-years without the event that are called. */
  falsePositiveRate: number[];
  /** Share of the person-years with the event that are called. */
  truePositiveRate: number[];
}

/** Receiver operating characteristic. Rates are NaN where the event happened never, or always. */
export function rocCurve(forecast: Scores): RocCurve {
  const { probability, happened } = forecast;
  const weight = counts(forecast);
  const [total, events] = [() => 1, (n: number) => happened[n]].map((value) =>
    happened.reduce((sum, _, n) => sum + weight(n) * value(n), 0),
  );
  const curve: RocCurve = { threshold: [Infinity], falsePositiveRate: [0], truePositiveRate: [0] };
  const order = Array.from(probability.keys()).filter((n) => weight(n) > 0);
  order.sort((a, b) => probability[b] - probability[a]);
  let [called, calledEvents] = [0, 0];
  order.forEach((n, i) => {
    called += weight(n);
    calledEvents += weight(n) * happened[n];
    if (i + 1 < order.length && probability[order[i + 1]] === probability[n]) return;
    curve.threshold.push(probability[n]);
    curve.falsePositiveRate.push((called - calledEvents) / (total - events));
    curve.truePositiveRate.push(calledEvents / events);
  });
  return curve;
}

/**
 * Area under the ROC curve: the probability that a person-year with the event was given a higher probability than
 * one without, a tie counting half (Mann and Whitney 1947). NaN where the event happened never, or always.
 */
export function auc(forecast: Scores): number {
  return weightedAuc(forecast)(() => 1);
}

/**
 * As `auc`, of rows that count a number of times beside their own weight; sorted once, for many resamples.
 * @param times that row n counts
 */
export function weightedAuc(forecast: Scores): (times: (n: number) => number) => number {
  const { probability, happened } = forecast;
  const weight = counts(forecast);
  const order = Int32Array.from(probability.keys()).sort((a, b) => probability[a] - probability[b]);
  const ends = order.map((n, i) =>
    Number(i + 1 === order.length || probability[order[i + 1]] !== probability[n]),
  );
  return (times) => {
    let [pairs, events, others] = [0, 0, 0];
    let [tiedEvents, tiedOthers] = [0, 0];
    for (let i = 0; i < order.length; i++) {
      const counted = times(order[i]) * weight(order[i]);
      if (happened[order[i]]) tiedEvents += counted;
      else tiedOthers += counted;
      if (!ends[i]) continue;
      pairs += tiedEvents * (others + tiedOthers / 2);
      events += tiedEvents;
      others += tiedOthers;
      tiedEvents = 0;
      tiedOthers = 0;
    }
    return pairs / (events * others);
  };
}
