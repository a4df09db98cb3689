import fc from "fast-check";
import type { Career, Covariates } from "labor-llm/dist/careers/career";
import { genders, type TextField, textProblem } from "labor-llm/dist/careers/validate";

/** Tokens that the template is made of, or that look like it: what a parser would trip over. */
const tokens = [
  ...["): ", ": ", " (", "(", ")", ".", ",", "and", "1984", "1984 (x)", "job_1", "a", "an", "n"],
  ...[
    "worker",
    "worker residing in the ",
    "residing in the ",
    " region",
    "region",
    "female",
    "male",
    "nonbinary",
  ],
  ...[
    "<END OF DATA>",
    "<A worker from the ",
    " dataset>",
    "The worker was born in 1961.",
    "\u00a0",
    "é",
    "👷🏽",
  ],
];

/** Strings that are valid as a field of a career, and awkward. */
function text(field: TextField): fc.Arbitrary<string> {
  const token = fc.oneof(fc.constantFrom(...tokens), fc.string({ unit: "binary", maxLength: 4 }));
  return fc
    .tuple(fc.array(token, { minLength: 1, maxLength: 6 }), fc.constantFrom("", " "))
    .map(([parts, joint]) => parts.join(joint).trim())
    .filter((value) => textProblem(field, value) === undefined);
}

const year = fc.integer({ min: 1000, max: 9999 });

const observations = fc
  .uniqueArray(year, { minLength: 1, maxLength: 6 })
  .map((years) => years.sort((a, b) => a - b))
  .chain((years) =>
    fc.tuple(
      ...years.map((one) =>
        fc.record(
          { year: fc.constant(one), title: text("title"), education: text("education") },
          { requiredKeys: ["year", "title"] },
        ),
      ),
    ),
  );

const covariates: fc.Arbitrary<Covariates> = fc.record(
  {
    gender: fc.constantFrom(...genders),
    ethnicity: text("ethnicity"),
    region: text("region"),
    birthYear: year,
  },
  { requiredKeys: [] },
);

/** Any valid career, awkward ones above all. */
export const anyCareer: fc.Arbitrary<Career> = fc
  .record({ person: text("person"), covariates, observations })
  .map((career) => structuredClone(career)); // fast-check's records have no prototype
