import { selectRows, type TitleDistribution } from "../predictions";

/**
 * Predictions of the same careers, some perhaps of fewer persons: the rows of the persons that all have, so that
 * they can be compared in pairs.
 */
export function onCommonPersons(
  models: Readonly<Record<string, TitleDistribution>>,
): Record<string, TitleDistribution> {
  const sets = Object.values(models).map(({ person }) => new Set(person));
  const fewest = Math.min(...sets.map((set) => set.size));
  return Object.fromEntries(
    Object.entries(models).map(([name, distribution], m) => {
      if (sets[m].size === fewest) return [name, distribution];
      const { person } = distribution;
      return [name, selectRows(distribution, (row) => sets.every((set) => set.has(person[row])))];
    }),
  );
}
