import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Career, countPersonYears } from "../../careers";
import { DamagedFile } from "../../errors";
import { digest } from "../../files";
import {
  copyAnswers,
  lastRows,
  type ObservedScores,
  type OccupationModel,
  type PersonYearRows,
  type PredictOptions,
  readDistribution,
  readScores,
  roomFor,
  type TitleDistribution,
  writeDistribution,
  writeScores,
} from "../../predictions";
import { sayComputedAgain } from "./get-or-compute";

/** Seconds of work that a kill may lose: what took less is not kept. */
const WORTH_KEEPING = 10;

type Answer<Answers> = (careers: readonly Career[], options?: PredictOptions) => Promise<Answers>;

/** What is kept of a model: its answers of one kind. */
interface Kind<Answers extends PersonYearRows> {
  /** Whether they are full distributions of all person-years or of the last of each career, or of the observed titles only. */
  name: "all" | "last" | "observed";
  read(file: string): Answers;
  write(file: string, answers: Answers): void;
}

const distributions = { read: readDistribution, write: writeDistribution };
const ALL: Kind<TitleDistribution> = { name: "all", ...distributions };
const LAST: Kind<TitleDistribution> = { name: "last", ...distributions };
const OBSERVED: Kind<ObservedScores> = { name: "observed", read: readScores, write: writeScores };

/** A model that keeps parts of its predictions on the way. */
export interface PartCache extends OccupationModel {
  /** Forgets the parts: the whole is kept elsewhere. */
  discard(): void;
}

/**
 * A model whose long predictions (`careersAtOnce`) are made some careers at a time, those of like length together, and
 * kept in a folder: a call after a kill goes on from there. The answers are the same whether any part was kept; one that
 * is damaged is computed again, and standard error says so.
 * @param folder of this model alone, made when a part is worth it
 * @throws UserError, from its predictions, for a part that cannot be written
 */
export function cachingParts(
  model: OccupationModel,
  folder: string,
  worthCaching: number = WORTH_KEEPING,
): PartCache {
  const { name, careersAtOnce } = model;
  const inParts =
    <Answers extends PersonYearRows>(answer: Answer<Answers>, kind: Kind<Answers>): Answer<Answers> =>
    async (careers, options = {}) => {
      if (careersAtOnce === undefined || careers.length <= careersAtOnce) return answer(careers, options);
      const groups = byLength(careers, careersAtOnce);
      const parts: Answers[] = [];
      const progress = partProgress(careers, options);
      for (const group of groups) {
        const own = group.map((i) => careers[i]);
        const file = join(folder, `${digest([kind.name, own])}.safetensors`);
        const kept = cachedPart(file, kind);
        if (kept !== undefined) {
          parts.push(kept);
        } else {
          const started = Date.now();
          const part = await answer(own, { ...options, onProgress: progress.within });
          if (Date.now() - started >= 1000 * worthCaching) kind.write(file, part);
          parts.push(part);
        }
        progress.done(own);
      }
      return inOrder(careers, parts, groups, kind);
    };
  return {
    name,
    careersAtOnce,
    predict: inParts((...of) => model.predict(...of), ALL),
    ...(model.predictLast === undefined
      ? {}
      : { predictLast: inParts((...of) => model.predictLast!(...of), LAST) }),
    ...(model.score === undefined ? {} : { score: inParts((...of) => model.score!(...of), OBSERVED) }),
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function cachedPart<Answers extends PersonYearRows>(
  file: string,
  { read }: Kind<Answers>,
): Answers | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return read(file);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    sayComputedAgain(error);
    return undefined;
  }
}

/** Places of careers in groups of so many, the shortest first. */
function byLength(careers: readonly Career[], size: number): number[][] {
  const years = (i: number) => careers[i].observations.length;
  const order = careers.map((_, i) => i).sort((a, b) => years(a) - years(b) || a - b);
  return Array.from({ length: Math.ceil(order.length / size) }, (_, g) =>
    order.slice(g * size, (g + 1) * size),
  );
}

/** Tells of person-years of all careers what is told of those of a part. */
function partProgress(careers: readonly Career[], { onProgress }: PredictOptions) {
  const total = countPersonYears(careers);
  let before = 0;
  return {
    within: (done: number) => onProgress?.(before + done, total),
    done: (part: readonly Career[]) => {
      before += countPersonYears(part);
      onProgress?.(before, total);
    },
  };
}

/** The answers of all parts in the order of the careers. */
function inOrder<Answers extends PersonYearRows>(
  careers: readonly Career[],
  parts: readonly Answers[],
  groups: readonly number[][],
  { name }: Kind<Answers>,
): Answers {
  const room = roomFor(careers, parts[0]);
  const whole = name === "last" ? lastRows(room) : room;
  const first = new Map<number, number>(); // row of each career's first
  whole.person.forEach((i, n) => {
    if (!first.has(i)) first.set(i, n);
  });
  parts.forEach((part, g) => {
    let [career, n] = [-1, 0];
    part.person.forEach((place, row) => {
      n = place === career ? n + 1 : first.get(groups[g][place])!;
      career = place;
      copyAnswers(part, row, whole, n);
    });
  });
  return whole;
}
