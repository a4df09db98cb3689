import { UserError } from "../../errors";
import { readJsonObject } from "../../files";

/** What to do with an adapter that says more than we compute. */
export const mergeRemedy =
  "We read LoRA on a decoder's matrices. Merge it into its base model with PEFT (merge_and_unload, then save_pretrained) and open that.";

/** What an adapter_config.json says. */
export interface PeftConfig {
  rank: number;
  /** What the added product counts, times rank. */
  alpha: number;
  dropout: number;
  /** What PEFT knows the base model by. */
  baseModel?: string;
  /** Whether the matrix of a name, such as model.layers.0.self_attn.q_proj, is adapted; undefined where that is not said. */
  adapts?: (module: string) => boolean;
}

/**
 * Reads adapter_config.json.
 * @throws UserError where it is missing or malformed, or asks for something other than plain LoRA
 */
export function readPeftConfig(path: string): PeftConfig {
  const config = readJsonObject(path, "An adapter is a folder with adapter_config.json: this one has none.");
  checkKind(config, path);
  const rank = positive(config, "r", path);
  const { lora_dropout: dropout, base_model_name_or_path: baseModel } = config;
  return {
    rank,
    alpha: positive(config, "lora_alpha", path) * (config.use_rslora === true ? Math.sqrt(rank) : 1),
    dropout: typeof dropout === "number" ? dropout : 0,
    ...(typeof baseModel === "string" && baseModel !== "" && { baseModel }),
    adapts: matcher(config),
  };
}

/** Options that change what is computed; unset or empty they change nothing. */
const beyondLora = [
  ...["use_dora", "use_qalora", "lora_bias", "modules_to_save", "layer_replication", "rank_pattern"],
  ...["alpha_pattern", "trainable_token_indices", "target_parameters", "alora_invocation_tokens"],
  "arrow_config",
];

/** First matrices that leave the base model as it is; the others take the product out of its weights. */
const plainStarts = ["gaussian", "eva", "orthogonal"];

function checkKind(config: Record<string, unknown>, path: string): void {
  const fail = (problem: string): never => {
    throw new UserError(`${path}: ${problem}`, mergeRemedy);
  };
  if (config.peft_type !== "LORA") fail(`peft_type is ${JSON.stringify(config.peft_type)}`);
  if ((config.bias ?? "none") !== "none") fail(`bias is ${JSON.stringify(config.bias)}`);
  for (const option of beyondLora) {
    const value = config[option] ?? false;
    if (value === false || (typeof value === "object" && Object.keys(value).length === 0)) continue;
    fail(`${option} is ${JSON.stringify(value).slice(0, 200)}, which is not supported`);
  }
  const start = config.init_lora_weights ?? true;
  if (typeof start !== "boolean" && !plainStarts.includes(String(start).toLowerCase())) {
    fail(`init_lora_weights is ${JSON.stringify(start)}, which changes the base model's weights`);
  }
}

function positive(config: Record<string, unknown>, name: string, path: string): number {
  const value = config[name];
  if (typeof value === "number" && value > 0) return value;
  throw new UserError(`${path}: ${name} is ${JSON.stringify(value)}`, "It must be a positive number.");
}

/** Which matrices are adapted, by PEFT's rules; undefined for rules that only Python can follow. */
function matcher(config: Record<string, unknown>): PeftConfig["adapts"] {
  const targets = rule(config.target_modules);
  const excluded = rule(config.exclude_modules ?? []);
  if (targets === undefined || excluded === undefined) return undefined;
  const layers = config.layers_to_transform === null ? [] : [config.layers_to_transform ?? []].flat();
  const inLayers = (module: string) =>
    layers.length === 0 || layers.includes(Number(/\.layers\.(\d+)\./.exec(module)?.[1]));
  return (module) => targets(module) && !excluded(module) && inLayers(module);
}

/** A list names the ends of modules' names; a text is a regular expression of the whole name, or all linear layers. */
function rule(value: unknown): ((module: string) => boolean) | undefined {
  if (value === "all-linear") return (module) => !module.endsWith("lm_head");
  if (Array.isArray(value)) {
    return (module) => value.some((end) => module === end || module.endsWith(`.${end}`));
  }
  if (typeof value !== "string") return undefined;
  try {
    const whole = new RegExp(`^(?:${value})$`, "su");
    return (module) => whole.test(module);
  } catch {
    return undefined;
  }
}
