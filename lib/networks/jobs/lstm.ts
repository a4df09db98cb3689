import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import { affine, dropout, lstmLayer, takeRows } from "../../operations";
import type { JobBatch } from "./job-batch";
import {
  initialise,
  JobNetwork,
  type JobNetworkConfig,
  type JobPass,
  outputsOf,
  type ParameterPlan,
} from "./job-network";

/** The shape of the LSTM. */
export interface LstmNetworkConfig extends JobNetworkConfig {
  kind: "lstm";
  layers: number;
  /** H, width of the embeddings and of each layer's state. */
  width: number;
  /** Of the embeddings' sum and of each layer's output. */
  dropout: number;
}

/** As the authors ran it. */
export const lstmSizes = { layers: 3, width: 435, dropout: 0.1 } as const;

/**
 * The LSTM baseline of CAREER's code: jobs' embeddings through layers of long short-term memory and a product to
 * the logits. Theirs reads jobs alone; ours adds the embeddings of the covariates, as CAREER does, and goes from the
 * last state to the logits without a product in between. Parameters carry the names of PyTorch's `nn.LSTM`, with one
 * bias in place of two.
 */
export class LstmNetwork extends JobNetwork<LstmNetworkConfig> {
  readonly layout = "years";

  constructor(
    config: LstmNetworkConfig,
    parameters: ReadonlyMap<string, tf.Variable>,
    source = "checkpoint",
  ) {
    super(config, parameters, lstmParameters(config), source);
  }

  /** A network with random weights, each a pure function of the seed and its name. */
  static initialise(config: LstmNetworkConfig, seed: number): LstmNetwork {
    return new LstmNetwork(config, initialise(lstmParameters(config), seed));
  }

  protected logits(batch: JobBatch, pass?: JobPass): tf.Tensor2D {
    const [{ rows }] = batch.blocks;
    const job = takeRows(this.weight("embed.job.weight"), batch.jobs); // (T·B, H)
    let hidden = this.drop(tf.addN([job, ...this.covariates(batch, "embed")]), pass);
    for (let l = 0; l < this.config.layers; l++) {
      const [input, recurrent] = [this.weight(`lstm.weight_ih_l${l}`), this.weight(`lstm.weight_hh_l${l}`)];
      const bias = this.weight<tf.Tensor1D>(`lstm.bias_l${l}`);
      hidden = this.drop(lstmLayer(hidden, rows, input, recurrent, bias), pass);
    }
    return affine(takeRows(hidden, batch.at), this.weight("head.weight"), this.weight("head.bias"));
  }

  private drop(x: tf.Tensor2D, pass?: JobPass): tf.Tensor2D {
    return pass?.training ? dropout(x, this.config.dropout, pass.seeds()) : x;
  }
}

/** Each parameter of a configuration, by name; starts are those of the authors' code. */
export function lstmParameters(config: LstmNetworkConfig): Map<string, ParameterPlan> {
  const { layers, width: H, titles, covariates } = config;
  if (!(layers >= 1 && H >= 1)) {
    throw new UserError(`an LSTM of ${layers} layers and width ${H}`, "Give positive whole numbers.");
  }
  const bound = 0.1;
  const plan = new Map<string, ParameterPlan>();
  plan.set("embed.job.weight", { shape: [titles + 1, H], bound, rows: "job" });
  for (const { name, levels } of covariates) {
    plan.set(`embed.${name}.weight`, { shape: [levels, H], bound, rows: name });
  }
  for (let l = 0; l < layers; l++) {
    plan.set(`lstm.weight_ih_l${l}`, { shape: [4 * H, H], bound });
    plan.set(`lstm.weight_hh_l${l}`, { shape: [4 * H, H], bound });
    plan.set(`lstm.bias_l${l}`, { shape: [4 * H], bound });
  }
  plan.set("head.weight", { shape: [outputsOf(config), H], bound, rows: "output" });
  plan.set("head.bias", { shape: [outputsOf(config)], bound, rows: "output" });
  return plan;
}
