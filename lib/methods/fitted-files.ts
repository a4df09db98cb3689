import { join } from "node:path";
import type { z } from "zod";
import { UserError } from "../errors";
import {
  type NumberArray,
  readJsonObject,
  readSafetensors,
  type WritableArray,
  writeFileAtomically,
  writeSafetensors,
} from "../files";

/** What was fitted, at rest. */
export interface FittedState<Facts extends object> {
  /** What is not an array of numbers: plain data. */
  facts: Facts;
  /** Kept in double precision, integers as they are. */
  arrays: ReadonlyMap<string, WritableArray>;
}

/** Arrays of a file, whose shapes are checked as they are asked for. */
export interface StoredArrays {
  /** @throws UserError if the array is missing or of another shape */
  get(name: string, shape: readonly number[]): NumberArray;
}

const NUMBERS = "fitted.safetensors";
const FACTS = "fitted.json";
const remedy = "Fit the model again.";

/** Writes fitted.safetensors and fitted.json. @throws UserError where the folder cannot be written */
export function writeFitted(folder: string, { facts, arrays }: FittedState<object>): void {
  writeSafetensors(join(folder, NUMBERS), arrays, { dtype: "F64" });
  writeFileAtomically(join(folder, FACTS), `${JSON.stringify(facts, null, 1)}\n`);
}

/**
 * Reads what `writeFitted` wrote.
 * @throws UserError where a file is missing, damaged, or of another method
 */
export function readFitted<Facts extends object>(
  folder: string,
  schema: z.ZodType<Facts>,
): { facts: Facts; arrays: StoredArrays } {
  const [numbers, path] = [join(folder, NUMBERS), join(folder, FACTS)];
  const facts = checked(path, schema, readJsonObject(path, remedy));
  const { tensors } = readSafetensors(numbers);
  return {
    facts,
    arrays: {
      get(name, shape) {
        const array = tensors.get(name);
        if (array !== undefined && array.shape.join() === shape.join()) return array.values;
        const found = array === undefined ? "missing" : `of shape [${array.shape.join(", ")}]`;
        throw new UserError(`${numbers}: "${name}" is ${found}, not of shape [${shape.join(", ")}]`, remedy);
      },
    },
  };
}

/** What a file holds, if it is what the schema says. @throws UserError naming the file and the first wrong field */
export function checked<T>(path: string, schema: z.ZodType<T>, value: unknown, advice = remedy): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path: field, message }] = parsed.error.issues;
  throw new UserError(`${path}: ${field.length > 0 ? `${field.join(".")}: ` : ""}${message}`, advice);
}
