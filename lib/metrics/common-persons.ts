import { type PersonYearRows, selectRows } from "../predictions";

/**
 * Predictions of the same careers, some perhaps of fewer persons: the rows of the persons that all have, so that
 * they can be compared in pairs.
 */
export function onCommonPersons<Answers extends PersonYearRows>(
  models: Readonly<Record<string, Answers>>,
): Record<string, Answers> {
  const sets = Object.values(models).map(({ person }) => new Set(person));
  const fewest = Math.min(...sets.map((set) => set.size));
  return Object.fromEntries(
    Object.entries(models).map(([name, answers], m) => {
      if (sets[m].size === fewest) return [name, answers];
      const { person } = answers;
      return [name, selectRows(answers, (row) => sets.every((set) => set.has(person[row])))];
    }),
  );
}

/** The rows of the persons whom others answer for. */
export function onPersonsOf<Answers extends PersonYearRows>(
  answers: Answers,
  others: PersonYearRows,
): Answers {
  if (answers.person.length === others.person.length) return answers;
  const persons = new Set(others.person);
  return selectRows(answers, (row) => persons.has(answers.person[row]));
}
