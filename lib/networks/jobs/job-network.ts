import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import {
  type DropoutSeeds,
  oneStageCrossEntropy,
  oneStageLogProbabilities,
  takeRows,
  twoStageCrossEntropy,
  twoStageLogProbabilities,
} from "../../operations";
import { Random } from "../../random";
import { type JobBatch, jobBatch } from "./job-batch";
import { type CovariateName, covariatesOf, type EncodedCareer, type JobVocabulary } from "./vocabulary";

/** Which networks there are: CAREER's transformer and the baselines of its code. */
export type JobNetworkKind = "career" | "bag-of-jobs" | "lstm";

/** What every network over jobs has; a network's own configuration adds its sizes. */
export interface JobNetworkConfig {
  kind: JobNetworkKind;
  /** Whether the head says first whether the person stays (Vafa et al. 2024), or one softmax does it all. */
  twoStage: boolean;
  /** J. */
  titles: number;
  /** Levels of each covariate, the missing one among them, in the vocabulary's order. */
  covariates: { name: CovariateName; levels: number }[];
}

/** How a forward pass is made. */
export interface JobPass {
  /** Dropout falls only in training. */
  training: boolean;
  /** What dropout is drawn from. */
  seeds: DropoutSeeds;
}

/** What the rows of a parameter stand for, where another vocabulary has others: "job" has one more, for none. */
export type RowMeaning = "job" | "output" | CovariateName;

/**
 * Shape of a parameter, and how it starts: `deviation` of a normal, `bound` of a uniform, or all one `value`. The
 * row of a covariate's missing value starts at zero: it may never be trained.
 */
export type ParameterPlan = { shape: number[]; rows?: RowMeaning } & (
  | { deviation: number }
  | { bound: number }
  | { value: number }
);

/** A network that reads careers and gives the logits of each next title. */
export abstract class JobNetwork<Config extends JobNetworkConfig = JobNetworkConfig> {
  /** How careers lie in the cells that `logits` reads. */
  abstract readonly layout: JobBatch["layout"];

  /** @throws UserError if a parameter is missing or has another shape than the configuration says */
  constructor(
    readonly config: Config,
    readonly parameters: ReadonlyMap<string, tf.Variable>,
    plan: ReadonlyMap<string, ParameterPlan>,
    source: string,
  ) {
    for (const [name, { shape }] of plan) {
      const found = parameters.get(name)?.shape;
      if (found === undefined || found.join() !== shape.join()) {
        const state = found === undefined ? "is missing" : `has shape (${found.join(", ")})`;
        throw new UserError(
          `${source}: ${name} ${state}, where config.json asks for (${shape.join(", ")})`,
          "The weights and the configuration are of different models; write the model again.",
        );
      }
    }
  }

  /**
   * Logits before clamping.
   * @returns (M, J), with a last column for staying where the head has two stages; in the order of `batch.at`
   */
  protected abstract logits(batch: JobBatch, pass?: JobPass): tf.Tensor2D;

  /** Mean negative log-likelihood of the titles that happened, in nats per person-year. */
  loss(careers: readonly EncodedCareer[], pass?: JobPass): tf.Scalar {
    return tf.tidy(() => this.batchLoss(jobBatch(careers, this.config.covariates.length, this.layout), pass));
  }

  /** As `loss`, of careers that are laid out: the mean over M of weight times loss. */
  batchLoss(batch: JobBatch, pass?: JobPass): tf.Scalar {
    return tf.tidy(() => {
      const logits = this.logits(batch, pass); // (M, J + 1) or (M, J)
      return this.config.twoStage
        ? twoStageCrossEntropy(logits, batch.previous, batch.targets, batch.weights)
        : oneStageCrossEntropy(logits, batch.targets, batch.weights);
    });
  }

  /** Log-probabilities of all titles in each person-year, career after career, (M, J), in nats. */
  logProbabilities(careers: readonly EncodedCareer[]): tf.Tensor2D {
    return tf.tidy(() => {
      const batch = jobBatch(careers, this.config.covariates.length, this.layout);
      const logits = this.logits(batch);
      return this.config.twoStage
        ? twoStageLogProbabilities(logits, batch.previous)
        : oneStageLogProbabilities(logits);
    });
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
  }

  protected weight<T extends tf.Tensor = tf.Tensor2D>(name: string): T {
    return this.parameters.get(name) as unknown as T;
  }

  /** The embeddings of the covariates, (N, width) each. */
  protected covariates(batch: JobBatch, prefix: string): tf.Tensor2D[] {
    return this.config.covariates.map(({ name }, c) =>
      takeRows(this.weight(`${prefix}.${name}.weight`), batch.levels[c]),
    );
  }
}

/** What the configuration of a network takes from its vocabulary. */
export function vocabularySizes(vocabulary: JobVocabulary): Pick<JobNetworkConfig, "titles" | "covariates"> {
  return {
    titles: vocabulary.titles.size,
    covariates: covariatesOf(vocabulary).map((name) => ({
      name,
      levels: vocabulary.levels[name]!.length + 1,
    })),
  };
}

/** Outputs of a network's head: the titles, and staying. */
export function outputsOf({ titles, twoStage }: JobNetworkConfig): number {
  return titles + (twoStage ? 1 : 0);
}

/** Parameters as a plan says, each a pure function of the seed and its name. */
export function initialise(plan: ReadonlyMap<string, ParameterPlan>, seed: number): Map<string, tf.Variable> {
  const parameters = new Map<string, tf.Variable>();
  for (const [name, entry] of plan) {
    const random = new Random("job network", seed, name);
    const draw = () => {
      if ("deviation" in entry) return entry.deviation * random.normal();
      if ("bound" in entry) return entry.bound * (2 * random.uniform() - 1);
      return entry.value;
    };
    const size = entry.shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: size }, draw);
    const covariate = entry.rows !== undefined && entry.rows !== "job" && entry.rows !== "output";
    if (covariate) values.fill(0, 0, entry.shape[1]); // the first row is the missing value's
    parameters.set(
      name,
      tf.tidy(() => tf.variable(tf.tensor(values, entry.shape), true)),
    );
  }
  return parameters;
}

/** Number of parameters of a plan. */
export function countParameters(plan: ReadonlyMap<string, ParameterPlan>): number {
  return [...plan.values()].reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0);
}
