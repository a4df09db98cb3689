import { z } from "zod";
import type { WritableArray } from "../checkpoints/safetensors";
import type { TitleSet } from "../occupations/title-set";
import { ContextCounts } from "./back-off";
import { readFitted, writeFitted } from "./fitted-files";
import { type MarkovModel, markovModel } from "./markov";
import { MarkovChain, markovContexts } from "./markov-tables";

/** JSON has no infinity. */
const alpha = z.union([z.number().min(0), z.literal("infinity")]);
type StoredAlpha = z.infer<typeof alpha>;

const facts = z.strictObject({
  name: z.string(),
  tables: z
    .array(
      z.strictObject({
        context: z.enum(markovContexts),
        alpha,
        alphaFirst: alpha.optional(),
        chosen: z.number().int().min(0),
        contexts: z.array(z.string()),
      }),
    )
    .min(1),
});

/** Keeps the counts, of which no probability is lost. @throws UserError where the folder cannot be written */
export function writeMarkov(folder: string, { name, chain }: MarkovModel): void {
  const { empirical } = chain;
  const arrays = new Map<string, WritableArray>([
    ["empirical", { shape: [empirical.length], values: empirical }],
  ]);
  const tables = chain.tables.map(({ context, counts, alpha, alphaFirst, chosen }, t) => {
    const { contexts, starts, title, count } = counts.store();
    for (const [part, values] of Object.entries({ starts, title, count })) {
      arrays.set(`${t}.${part}`, { shape: [values.length], values });
    }
    const first = alphaFirst === undefined ? {} : { alphaFirst: storeAlpha(alphaFirst) };
    return { context, alpha: storeAlpha(alpha), ...first, chosen, contexts };
  });
  writeFitted(folder, { facts: { name, tables }, arrays });
}

/** Reads what `writeMarkov` wrote. @throws UserError where a file is missing, damaged or over other titles */
export function readMarkov(folder: string, titles: TitleSet): MarkovModel {
  const { facts: stored, arrays } = readFitted(folder, facts);
  const empirical = arrays.get("empirical", [titles.size]) as Float64Array;
  const tables = stored.tables.map(({ contexts, alpha, alphaFirst, ...table }, t) => {
    const starts = arrays.get(`${t}.starts`, [contexts.length + 1]) as Int32Array;
    const counted = starts[contexts.length];
    const title = arrays.get(`${t}.title`, [counted]) as Int32Array;
    const count = arrays.get(`${t}.count`, [counted]) as Float64Array;
    return {
      ...table,
      alpha: restoreAlpha(alpha),
      alphaFirst: alphaFirst === undefined ? undefined : restoreAlpha(alphaFirst),
      counts: ContextCounts.restore({ contexts, starts, title, count }, titles.size, folder),
    };
  });
  return markovModel(stored.name, new MarkovChain(empirical, tables), titles);
}

const storeAlpha = (value: number): StoredAlpha => (value === Infinity ? "infinity" : value);
const restoreAlpha = (value: StoredAlpha): number => (value === "infinity" ? Infinity : value);
