import type { RotaryScaling } from "../../operations";
import type { ConfigFields } from "./config-fields";

/** Base and scaling of rotary angles. */
export interface Rotary {
  ropeTheta: number;
  ropeScaling?: RotaryScaling;
}

/**
 * Rotary angles of config.json: `rope_parameters`, or, in files of older releases, `rope_scaling` beside a base.
 * @param fields of rope_parameters or rope_scaling; undefined where config.json has neither
 * @param theta base where the fields have none
 * @param context tokens of the longest text
 * @throws UserError for a scaling that we do not compute or an impossible number
 */
export function parseRotary(fields: ConfigFields | undefined, theta: number, context: number): Rotary {
  if (fields === undefined) return { ropeTheta: theta };
  const ropeTheta = fields.positive("rope_theta", theta);
  const key = fields.has("rope_type") ? "rope_type" : "type";
  const type = fields.word(key, ["default", "linear", "llama3"], "default");
  if (fields.has("partial_rotary_factor") && fields.positive("partial_rotary_factor") !== 1) {
    fields.fail("partial_rotary_factor is not supported");
  }
  if (type === "default") return { ropeTheta };
  const factor = fields.positive("factor");
  if (type === "linear") return { ropeTheta, ropeScaling: { type, factor } };
  const [low, high] = [fields.positive("low_freq_factor"), fields.positive("high_freq_factor")];
  if (low >= high) fields.fail(`low_freq_factor is ${low}, not below high_freq_factor, ${high}`);
  const originalContext = fields.size("original_max_position_embeddings", context);
  return { ropeTheta, ropeScaling: { type, factor, low, high, originalContext } };
}

/** A scaling in the words of config.json. */
export function formatScaling(scaling: RotaryScaling): Record<string, unknown> {
  const { type, factor } = scaling;
  if (type === "linear") return { rope_type: type, factor };
  return {
    rope_type: type,
    factor,
    low_freq_factor: scaling.low,
    high_freq_factor: scaling.high,
    original_max_position_embeddings: scaling.originalContext,
  };
}
