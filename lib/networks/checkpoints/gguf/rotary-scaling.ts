import { UserError } from "../../../errors";
import { damaged } from "./byte-reader";
import type { GgufFile } from "./gguf-file";
import type { Settings } from "./settings";

/** What Llama 3.1 to 3.3 set; a GGUF holds only the factors that follow from it. */
const llama3 = { low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

const FACTORS = "rope_freqs.weight";

/**
 * The rope_scaling of config.json: null where angles are not scaled.
 * @throws UserError for a kind that we cannot name
 */
export function rotaryScaling(
  file: GgufFile,
  settings: Settings,
  prefix: string,
  headWidth: number,
): Record<string, unknown> | null {
  if (file.tensors.has(FACTORS)) return llama3Scaling(file, settings, prefix, headWidth);
  const type = settings.text(`${prefix}.rope.scaling.type`, "none");
  if (type === "none") return null;
  if (type !== "linear")
    throw new UserError(`${file.path}: rotary scaling of the type "${type}" is not read`);
  return { rope_type: "linear", factor: settings.number(`${prefix}.rope.scaling.factor`) };
}

/** Llama 3's scaling is stored as a divisor for each of the angles: the largest is the factor itself. */
function llama3Scaling(file: GgufFile, settings: Settings, prefix: string, headWidth: number) {
  const divisors = file.read(FACTORS);
  if (divisors.length !== headWidth / 2) {
    throw damaged(file.path, `${FACTORS} has ${divisors.length} numbers for heads of width ${headWidth}`);
  }
  const scaling = { rope_type: "llama3", factor: Number(Math.max(...divisors).toPrecision(6)), ...llama3 };
  const base = settings.number(`${prefix}.rope.freq_base`, 10_000);
  const fits = divisors.every((divisor, i) => {
    const expected = llama3Divisor(base ** ((-2 * i) / headWidth), scaling.factor);
    return Math.abs(divisor - expected) <= 1e-3 * expected;
  });
  if (!fits) {
    throw new UserError(`${file.path}: its rotary factors (${FACTORS}) are not those of Llama 3.1 to 3.3`);
  }
  return scaling;
}

/** By what Llama 3 divides an angle's speed: long waves by the factor, short ones not, between them smoothly. */
function llama3Divisor(frequency: number, factor: number): number {
  const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: length } = llama3;
  const waves = (length * frequency) / (2 * Math.PI);
  const smooth = Math.min(1, Math.max(0, (waves - low) / (high - low)));
  return 1 / ((1 - smooth) / factor + smooth);
}
