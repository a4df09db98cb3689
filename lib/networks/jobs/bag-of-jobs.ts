import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import { linear, takeRows } from "../../operations";
import type { JobBatch } from "./job-batch";
import {
  initialise,
  JobNetwork,
  type JobNetworkConfig,
  outputsOf,
  type ParameterPlan,
  type RowMeaning,
} from "./job-network";

/** The shape of the bag of jobs. */
export interface BagOfJobsConfig extends JobNetworkConfig {
  kind: "bag-of-jobs";
  /** Width of the embeddings, the rank of each term. */
  width: number;
  /** "last": without the terms of earlier years. Default "all". */
  history?: "all" | "last";
}

/** As the paper. */
export const bagOfJobsSizes = { width: 1024 } as const;

/**
 * The bag of jobs (Vafa et al. 2024, baselines): logits are a sum of terms, each an embedding times a matrix of its
 * own: the current job, the mean over the earlier ones; the current year and education and the means over earlier
 * ones; the covariates that do not change. Earlier jobs begin with "none", which stands before the first. Without the
 * earlier years it is a softmax of low rank on the last job and what is known of the year.
 */
export class BagOfJobsNetwork extends JobNetwork<BagOfJobsConfig> {
  readonly layout = "years";

  constructor(config: BagOfJobsConfig, parameters: ReadonlyMap<string, tf.Variable>, source = "checkpoint") {
    super(config, parameters, bagOfJobsParameters(config), source);
  }

  /** A network with random weights, each a pure function of the seed and its name. */
  static initialise(config: BagOfJobsConfig, seed: number): BagOfJobsNetwork {
    return new BagOfJobsNetwork(config, initialise(bagOfJobsParameters(config), seed));
  }

  protected logits(batch: JobBatch): tf.Tensor2D {
    const { covariates } = this.config;
    const [{ rows, length }] = batch.blocks;
    const indices = new Map<RowMeaning, tf.Tensor1D>([["job", batch.jobs]]);
    covariates.forEach(({ name }, c) => {
      indices.set(name, batch.levels[c]);
    });
    const term = (time: "current" | "context", name: RowMeaning) =>
      takeRows(this.table(`${time}.${name}`), indices.get(name)!); // (T·B, J + 1)
    const current = tf.addN([...indices.keys()].map((name) => term("current", name)));
    if (this.config.history === "last") return takeRows(current, batch.at) as tf.Tensor2D;
    const context = tf.addN([...indices.keys()].filter(varies).map((name) => term("context", name)));
    const earlier = linear(
      context.reshape<tf.Tensor2D>([length, -1]).transpose<tf.Tensor2D>(),
      meanOfEarlier(length),
    ); // (B·(J + 1), T)
    const mean = earlier.transpose().reshape<tf.Tensor2D>([length * rows, -1]); // (T·B, J + 1)
    return takeRows(current.add<tf.Tensor2D>(mean), batch.at);
  }

  /** What each job or level adds to the logits, (rows, J + 1). */
  private table(name: string): tf.Tensor2D {
    return linear(this.weight(`${name}.embed`), this.weight(`${name}.output`));
  }
}

/** Each parameter of a configuration, by name; starts are those of the authors' code. */
export function bagOfJobsParameters(config: BagOfJobsConfig): Map<string, ParameterPlan> {
  const { width, titles, covariates, history } = config;
  if (!(width >= 1)) throw new UserError(`a bag of jobs of width ${width}`, "Give a positive whole number.");
  const plan = new Map<string, ParameterPlan>();
  const add = (time: "current" | "context", rows: RowMeaning, size: number) => {
    const bound = 1 / Math.sqrt(width);
    plan.set(`${time}.${rows}.embed`, { shape: [size, width], deviation: bound, rows });
    plan.set(`${time}.${rows}.output`, { shape: [outputsOf(config), width], bound, rows: "output" });
  };
  for (const time of history === "last" ? (["current"] as const) : (["current", "context"] as const)) {
    add(time, "job", titles + 1);
    for (const { name, levels } of covariates)
      if (time === "current" || varies(name)) add(time, name, levels);
  }
  return plan;
}

function varies(name: RowMeaning): boolean {
  return name === "job" || name === "year" || name === "education";
}

/** (T, T): row t holds 1/t in the columns before t; the first row is zero. */
function meanOfEarlier(length: number): tf.Tensor2D {
  const values = Float32Array.from({ length: length * length }, (_, i) => {
    const t = Math.floor(i / length);
    return i % length < t ? 1 / t : 0;
  });
  return tf.tensor2d(values, [length, length]);
}
