import { type Column, emptyLike } from "./answers";
import type { PersonYearRows } from "./person-year-rows";

/** The rows of a model's answers that are wanted, in their order. */
export function selectRows<Answers extends PersonYearRows>(
  answers: Answers,
  wanted: (row: number) => boolean,
): Answers {
  const { titles, ...columns } = answers;
  const N = answers.observed.length;
  const rows = Int32Array.from(answers.observed.keys()).filter(wanted); // (N')
  const chosen = Object.entries(columns as Record<string, Column | undefined>).flatMap(([name, values]) => {
    if (values === undefined) return [];
    const width = values.length / Math.max(1, N);
    const taken = emptyLike(values, rows.length * width);
    rows.forEach((row, n) => {
      taken.set(values.subarray(row * width, (row + 1) * width), n * width);
    });
    return [[name, taken]];
  });
  return { titles, ...Object.fromEntries(chosen) } as Answers;
}
