import { isObject } from "../../files";

/** Settings with others laid over them: those of the training one by one, a batch as a whole. */
export function overlaid<Under extends object, Over extends object>(under: Under, over: Over): Under & Over {
  const both = { ...under, ...over } as Under & Over & { training?: unknown };
  const [low, high] = [under, over].map((one) => (one as { training?: unknown }).training);
  if (isObject(low) && isObject(high)) both.training = { ...low, ...high };
  return both;
}
