import * as tf from "@tensorflow/tfjs";
import { disposeInt8, fromInt8, type Int8Matrix, linearInt8, rowsFromInt8, toInt8 } from "../../operations";
import { Decoder } from "./decoder";
import { type DecoderConfig, parameterShapes } from "./decoder-config";
import type { OutputOrder } from "./head-order";

/** A decoder for inference whose matrices take 8 bits a number, a quarter of the memory. */
export class Int8Decoder extends Decoder {
  /** Use `quantiseInt8`. */
  constructor(
    config: DecoderConfig,
    vectors: ReadonlyMap<string, tf.Variable>,
    private readonly matrices: ReadonlyMap<string, Int8Matrix>,
  ) {
    super(config, vectors, "8-bit model", matrices);
  }

  protected override weight(name: string): tf.Tensor {
    const matrix = this.matrices.get(name);
    return matrix === undefined ? super.weight(name) : fromInt8(matrix);
  }

  protected override rows(name: string, ids: tf.Tensor1D): tf.Tensor2D {
    return rowsFromInt8(this.matrices.get(name)!, ids);
  }

  protected override project(
    x: tf.Tensor2D,
    name: string,
    gain?: tf.Tensor1D,
    order?: OutputOrder,
  ): tf.Tensor2D {
    const outputs = linearInt8(gain === undefined ? x : x.mul(gain), this.matrices.get(name)!);
    return order === undefined ? outputs : order.ofColumns(outputs);
  }

  /** Bytes that the parameters take. */
  get bytes(): number {
    let bytes = 0;
    for (const { words, scales } of this.matrices.values()) bytes += 4 * (words.size + scales.size);
    for (const { size } of this.parameters.values()) bytes += 4 * size;
    return bytes;
  }

  override dispose(): void {
    super.dispose();
    for (const matrix of this.matrices.values()) disposeInt8(matrix);
  }
}

/**
 * Rounds a decoder's matrices, embedding and head among them, to whole numbers from -127 to 127 with a scale for each
 * row (LABOR-LLM predicts with 8-bit weights). Activations stay in float32.
 * @param release whether each parameter of the decoder is freed as soon as it is rounded: a large model is then never
 *   in memory twice, and the given decoder is of no more use. Default false.
 */
export function quantiseInt8(decoder: Decoder, { release = false } = {}): Int8Decoder {
  const vectors = new Map<string, tf.Variable>();
  const matrices = new Map<string, Int8Matrix>();
  for (const [name, shape] of parameterShapes(decoder.config)) {
    const parameter = decoder.parameters.get(name)!;
    if (shape.length === 1)
      vectors.set(
        name,
        tf.tidy(() => tf.variable(parameter.clone(), false)),
      );
    else matrices.set(name, toInt8(parameter.dataSync() as Float32Array, shape as [number, number]));
    if (release) parameter.dispose();
  }
  return new Int8Decoder(decoder.config, vectors, matrices);
}
