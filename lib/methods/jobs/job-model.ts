import { setImmediate } from "node:timers/promises";
import type { Career } from "../../careers";
import {
  CareerEncoder,
  type EncodedCareer,
  type JobNetwork,
  type JobVocabulary,
  type TrainingResult,
} from "../../networks";
import {
  emptyDistribution,
  type OccupationModel,
  type PredictOptions,
  type TitleDistribution,
} from "../../predictions";

/** Person-years predicted side by side. */
const PERSON_YEARS_AT_ONCE = 2000;

/** A network over jobs as a model of occupations: normalised over the titles of its vocabulary. */
export class JobModel implements OccupationModel {
  /** How the training went; undefined for a model that was read. */
  training: TrainingResult | undefined;
  private readonly encoder: CareerEncoder;

  constructor(
    readonly name: string,
    readonly network: JobNetwork,
    readonly vocabulary: JobVocabulary,
  ) {
    this.encoder = new CareerEncoder(vocabulary);
  }

  /** @throws UserError if a title is none of the vocabulary's */
  encode(careers: readonly Career[]): EncodedCareer[] {
    return careers.map((career) => this.encoder.encode(career));
  }

  /** @throws UserError if a title is none of the vocabulary's */
  async predict(careers: readonly Career[], options: PredictOptions = {}): Promise<TitleDistribution> {
    const { titles } = this.vocabulary;
    const distribution = emptyDistribution(careers, titles);
    const encoded = this.encode(careers);
    const firstRow: number[] = [];
    let rows = 0;
    for (const { titles: years } of encoded) {
      firstRow.push(rows);
      rows += years.length;
    }
    let done = 0;
    for (const members of batches(encoded)) {
      const scores = this.network.logProbabilities(members.map((i) => encoded[i])); // (M, J)
      const values = scores.dataSync() as Float32Array;
      scores.dispose();
      let from = 0;
      for (const i of members) {
        const size = encoded[i].titles.length * titles.size;
        distribution.logProbability.set(values.subarray(from, from + size), firstRow[i] * titles.size);
        from += size;
        done += encoded[i].titles.length;
      }
      options.onProgress?.(done, rows);
      await setImmediate();
    }
    return distribution;
  }

  dispose(): void {
    this.network.dispose();
  }
}

/** Careers of like length side by side leave few cells unused. */
function batches(careers: readonly EncodedCareer[]): number[][] {
  const length = (i: number) => careers[i].titles.length;
  const order = careers.map((_, i) => i).sort((a, b) => length(b) - length(a) || a - b);
  const result: number[][] = [];
  let room = 0;
  for (const i of order) {
    if (length(i) > room) {
      result.push([]);
      room = Math.max(PERSON_YEARS_AT_ONCE, length(i));
    }
    result[result.length - 1].push(i);
    room -= length(i);
  }
  return result;
}
