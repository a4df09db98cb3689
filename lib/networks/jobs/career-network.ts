import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import {
  addResidual,
  affine,
  affineOfNormalised,
  causalAttention,
  dropoutMask,
  layerNormalise,
  type NormParameters,
  scaledGelu,
  takeRows,
} from "../../operations";
import type { JobBatch } from "./job-batch";
import {
  initialise,
  JobNetwork,
  type JobNetworkConfig,
  type JobPass,
  outputsOf,
  type ParameterPlan,
} from "./job-network";

/** The shape of CAREER's transformer. */
export interface CareerNetworkConfig extends JobNetworkConfig {
  kind: "career";
  layers: number;
  /** D; even, and a multiple of `heads`. */
  width: number;
  /** F, width of the unit between a layer's two products. */
  feedForward: number;
  heads: number;
  /** Of the embeddings' sum, of attention's weights, and of what goes into the residual stream. */
  dropout: number;
  /**
   * Of the covariates' embeddings, which start as the jobs' do: as the authors' code has them, 1/√D of a job's, which
   * Adam cannot lift in few steps; or times √D, as the jobs'. Default "published".
   */
  covariateScale?: CovariateScale;
}

export const covariateScales = ["published", "jobs"] as const;
export type CovariateScale = (typeof covariateScales)[number];

/** As the paper: about 5.5 million parameters at 335 titles. */
export const careerSizes = { layers: 12, width: 192, feedForward: 768, heads: 3, dropout: 0.1 } as const;

/**
 * CAREER (Vafa et al. 2024, section 2): a transformer over jobs. The input of a person-year is the sum of the
 * embeddings of the previous job, of the position (sinusoidal) and of the covariates, the current year and education
 * among them. Where the paper is silent it follows the authors' code: normalisation before attention and unit, and
 * after the last layer; exact GELU; jobs' embeddings times √D; a head of its own without bias. Parameters carry the
 * names of PyTorch's `nn.TransformerEncoderLayer`.
 */
export class CareerNetwork extends JobNetwork<CareerNetworkConfig> {
  readonly layout = "persons";

  constructor(
    config: CareerNetworkConfig,
    parameters: ReadonlyMap<string, tf.Variable>,
    source = "checkpoint",
  ) {
    super(config, parameters, careerParameters(config), source);
  }

  /** A network with random weights, each a pure function of the seed and its name. */
  static initialise(config: CareerNetworkConfig, seed: number): CareerNetwork {
    return new CareerNetwork(config, initialise(careerParameters(config), seed));
  }

  protected logits(batch: JobBatch, pass?: JobPass): tf.Tensor2D {
    const { layers, width, covariateScale } = this.config;
    const scale = Math.sqrt(width);
    const job = takeRows(this.weight("embed.job.weight"), batch.jobs).mul<tf.Tensor2D>(scale);
    const told = this.covariates(batch, "embed");
    const covariates = covariateScale === "jobs" ? told.map((one) => one.mul<tf.Tensor2D>(scale)) : told;
    const inputs = [job, sinusoids(batch, width), ...covariates];
    let hidden = tf.addN(inputs); // (N, D)
    const mask = this.mask(hidden.shape, pass);
    if (mask !== undefined) hidden = hidden.mul(mask);
    for (let i = 0; i < layers; i++) hidden = tf.tidy(() => this.layer(i, hidden, batch, pass));
    const last = layerNormalise(takeRows(hidden, batch.at)); // (M, D)
    // No bias: the norm's shift is a bias of its own, which the head takes on.
    const head = this.weight("head.weight"); // (J + 1, D)
    return affineOfNormalised(last, this.norm("norm"), head, tf.zeros([head.shape[0]]));
  }

  private layer(index: number, input: tf.Tensor2D, batch: JobBatch, pass?: JobPass): tf.Tensor2D {
    const { heads } = this.config;
    const part = <T extends tf.Tensor = tf.Tensor2D>(name: string) =>
      this.weight<T>(`layers.${index}.${name}`);
    const vector = (name: string) => part<tf.Tensor1D>(name);

    const mixed = affineOfNormalised(
      layerNormalise(input),
      this.norm(`layers.${index}.norm1`),
      part("self_attn.in_proj_weight"),
      vector("self_attn.in_proj_bias"),
    ); // (N, 3·D)
    const attended = causalAttention(mixed, heads, batch.blocks, this.attentionMasks(batch, pass)); // (N, D)
    const output = affine(attended, part("self_attn.out_proj.weight"), vector("self_attn.out_proj.bias"));
    const middle = addResidual(input, output, this.mask(input.shape, pass)); // (N, D)

    const inner = affineOfNormalised(
      layerNormalise(middle),
      this.norm(`layers.${index}.norm2`),
      part("linear1.weight"),
      vector("linear1.bias"),
      Math.SQRT1_2, // as the unit wants its input
    ); // (N, F)
    const unit = affine(
      scaledGelu(inner),
      part("linear2.weight"),
      vector("linear2.bias"),
      Math.SQRT1_2, // as the unit's value is √2 times too large
    ); // (N, D)
    return addResidual(middle, unit, this.mask(middle.shape, pass)); // (N, D)
  }

  private norm(name: string): NormParameters {
    return { gain: this.weight(`${name}.weight`), shift: this.weight(`${name}.bias`) };
  }

  private mask(shape: number[], pass?: JobPass): tf.Tensor | undefined {
    const { dropout } = this.config;
    if (!pass?.training || dropout === 0) return undefined;
    return dropoutMask(shape, dropout, pass.seeds());
  }

  private attentionMasks({ blocks }: JobBatch, pass?: JobPass): tf.Tensor[] | undefined {
    const masks = blocks.map(({ rows, length }) =>
      this.mask([this.config.heads, rows, length, length], pass),
    );
    return masks.includes(undefined) ? undefined : (masks as tf.Tensor[]);
  }
}

/** Each parameter of a configuration, by name; starts are those of the authors' code. */
export function careerParameters(config: CareerNetworkConfig): Map<string, ParameterPlan> {
  const { layers, width: D, feedForward: F, heads, titles, covariates } = config;
  if (!(layers >= 1 && D >= 2 && F >= 1 && heads >= 1 && D % heads === 0 && D % 2 === 0)) {
    throw new UserError(
      `CAREER of ${layers} layers, width ${D}, feed-forward ${F} and ${heads} heads`,
      "Give positive whole numbers; the width must be even and a multiple of the heads.",
    );
  }
  const plan = new Map<string, ParameterPlan>();
  const deviation = 1 / Math.sqrt(D);
  plan.set("embed.job.weight", { shape: [titles + 1, D], deviation, rows: "job" });
  for (const { name, levels } of covariates) {
    plan.set(`embed.${name}.weight`, { shape: [levels, D], deviation, rows: name });
  }
  for (let i = 0; i < layers; i++) {
    const set = (name: string, entry: ParameterPlan) => plan.set(`layers.${i}.${name}`, entry);
    set("norm1.weight", { shape: [D], value: 1 });
    set("norm1.bias", { shape: [D], value: 0 });
    set("self_attn.in_proj_weight", { shape: [3 * D, D], bound: Math.sqrt(3 / (2 * D)) }); // Xavier, gain 1/√2
    set("self_attn.in_proj_bias", { shape: [3 * D], value: 0 });
    set("self_attn.out_proj.weight", { shape: [D, D], bound: Math.sqrt(3 / D) }); // Xavier
    set("self_attn.out_proj.bias", { shape: [D], value: 0 });
    set("norm2.weight", { shape: [D], value: 1 });
    set("norm2.bias", { shape: [D], value: 0 });
    set("linear1.weight", { shape: [F, D], bound: Math.sqrt(6 / (D + F)) });
    set("linear1.bias", { shape: [F], value: 0 });
    set("linear2.weight", { shape: [D, F], bound: Math.sqrt(6 / (D + F)) });
    set("linear2.bias", { shape: [D], value: 0 });
  }
  plan.set("norm.weight", { shape: [D], value: 1 });
  plan.set("norm.bias", { shape: [D], value: 0 });
  plan.set("head.weight", { shape: [outputsOf(config), D], deviation, rows: "output" });
  return plan;
}

/** Sinusoidal positions (Vaswani et al. 2017) in the order of fairseq, sines before cosines: (N, D). */
export function sinusoids(
  { blocks, positions }: Pick<JobBatch, "blocks" | "positions">,
  width: number,
): tf.Tensor2D {
  const half = width / 2;
  const length = Math.max(...blocks.map((block) => block.length));
  const step = Math.log(10_000) / Math.max(1, half - 1);
  const table = new Float32Array(length * width); // (T, D)
  for (let t = 0; t < length; t++) {
    for (let i = 0; i < half; i++) {
      table[t * width + i] = Math.sin(t * Math.exp(-step * i));
      table[t * width + half + i] = Math.cos(t * Math.exp(-step * i));
    }
  }
  return takeRows(tf.tensor2d(table, [length, width]), positions);
}
