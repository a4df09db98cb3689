import { z } from "zod";
import type { WritableArray } from "../../files";
import type { TitleSet } from "../../occupations";
import { readFitted, writeFitted } from "../fitted-files";
import { ContextCounts } from "./back-off";
import { type MarkovModel, markovModel } from "./markov";
import { BackOffChain, chainsOf, markovContexts } from "./markov-tables";

/** JSON has no infinity. */
const alpha = z.union([z.number().min(0), z.literal("infinity")]);
type StoredAlpha = z.infer<typeof alpha>;

const chain = z.strictObject({
  tables: z.array(
    z.strictObject({
      context: z.enum(markovContexts),
      alpha,
      chosen: z.boolean(),
      contexts: z.array(z.string()),
    }),
  ),
});

const facts = z.strictObject({
  name: z.string(),
  chains: z.union([
    z.strictObject({ first: chain, later: chain }),
    z.strictObject({ first: chain, stay: chain, move: chain }),
  ]),
});

/** Keeps the counts, of which no probability is lost. @throws UserError where the folder cannot be written */
export function writeMarkov(folder: string, { name, chains }: MarkovModel): void {
  const arrays = new Map<string, WritableArray>();
  const stored = Object.entries(chainsOf(chains)).map(([part, { base, tables }]) => {
    arrays.set(`${part}.base`, { shape: [base.length], values: base });
    const facts = tables.map(({ context, counts, alpha, chosen }, t) => {
      const { contexts, ...numbers } = counts.store();
      for (const [of, values] of Object.entries(numbers)) {
        arrays.set(`${part}.${t}.${of}`, { shape: [values.length], values });
      }
      return { context, alpha: storeAlpha(alpha), chosen, contexts };
    });
    return [part, { tables: facts }];
  });
  writeFitted(folder, { facts: { name, chains: Object.fromEntries(stored) }, arrays });
}

/** Reads what `writeMarkov` wrote. @throws UserError where a file is missing, damaged or over other titles */
export function readMarkov(folder: string, titles: TitleSet): MarkovModel {
  const { facts: stored, arrays } = readFitted(folder, facts);
  const read = (part: string, { tables }: z.infer<typeof chain>, classes = titles.size) =>
    new BackOffChain(
      arrays.get(`${part}.base`, [classes]) as Float64Array,
      tables.map(({ contexts, alpha, ...table }, t) => {
        const starts = arrays.get(`${part}.${t}.starts`, [contexts.length + 1]) as Int32Array;
        const counted = starts[contexts.length];
        const title = arrays.get(`${part}.${t}.title`, [counted]) as Int32Array;
        const count = arrays.get(`${part}.${t}.count`, [counted]) as Float64Array;
        return {
          ...table,
          alpha: alpha === "infinity" ? Infinity : alpha,
          counts: ContextCounts.restore({ contexts, starts, title, count }, classes, folder),
        };
      }),
    );
  const { chains } = stored;
  const first = read("first", chains.first);
  const later =
    "later" in chains
      ? read("later", chains.later)
      : { stay: read("stay", chains.stay, 2), move: read("move", chains.move) };
  return markovModel(stored.name, { first, later }, titles);
}

const storeAlpha = (value: number): StoredAlpha => (value === Infinity ? "infinity" : value);
