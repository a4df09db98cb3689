/** Persons of some rows: how many, and where each row's person stands among them. */
export interface RowPersons {
  persons: number;
  /** (N): 0 to persons - 1, in the order of the persons' indices. */
  position: Int32Array;
}

/** Numbers the persons of some rows without gaps, as a bootstrap over persons needs them. */
export function personsOf(person: ArrayLike<number>): RowPersons {
  const ids = [...new Set(Array.from(person))].sort((a, b) => a - b);
  const place = new Map(ids.map((id, i) => [id, i]));
  return { persons: ids.length, position: Int32Array.from(Array.from(person), (id) => place.get(id)!) };
}
