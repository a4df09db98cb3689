import type { PanelSplit } from "../careers";
import { UserError } from "../errors";
import { Random } from "../random";

/**
 * A split whose training persons are drawn anew, as many, with replacement: what another sample of persons might have
 * been (Efron and Tibshirani 1993). Validation and test persons stay. A person who is drawn again is another person:
 * the second copy of `7` is called `7 (2)`. Draws of one seed differ; methods that share both see the same persons.
 * @param draw number of the draw, from 1; undefined leaves the split as it is
 * @throws UserError if the draw is no whole number of at least 1
 */
export function withResample(split: PanelSplit, draw: number | undefined, seed: number): PanelSplit {
  if (draw === undefined) return split;
  if (!(Number.isInteger(draw) && draw >= 1)) {
    throw new UserError(`resample is ${draw}`, "Give the number of a draw, a whole number of at least 1.");
  }
  const { careers } = split.train;
  const random = new Random("resample", seed, draw);
  const times = new Int32Array(careers.length);
  for (let i = 0; i < careers.length; i++) times[random.integer(careers.length)]++;
  const drawn = careers.flatMap((career, i) =>
    Array.from({ length: times[i] }, (_, copy) =>
      copy === 0 ? career : { ...career, person: `${career.person} (${copy + 1})` },
    ),
  );
  return { ...split, train: { ...split.train, careers: drawn, rows: undefined, losses: undefined } };
}
