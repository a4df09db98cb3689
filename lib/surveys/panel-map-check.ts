import { z } from "zod";
import { textProblem } from "../careers";
import { UserError } from "../errors";
import { isObject, readJsonObject } from "../files";
import { vintages } from "../occupations";
import { plainJson } from "../plain-text";
import { plainly, quote } from "../quote";
import { ages } from "../ranges";
import type { CheckedPanelMap, PanelRules } from "./panel-map";

/** One of two shapes, told apart before either is checked, so that the error is about the one that was meant. */
function either<A extends z.ZodType, B extends z.ZodType>(
  isFirst: (value: unknown) => boolean,
  first: A,
  second: B,
) {
  return z.unknown().transform((value, context): z.output<A> | z.output<B> => {
    const result = (isFirst(value) ? first : second).safeParse(value);
    if (result.success) return result.data as z.output<A> | z.output<B>;
    for (const issue of result.error.issues) context.addIssue({ ...issue, input: value } as never);
    return z.NEVER;
  });
}

const hasSteps = (value: unknown) => isObject(value) && "steps" in value;

const text = z.string().min(1);
const cells = z.array(z.string());
const condition = z
  .record(
    text,
    either(
      Array.isArray,
      cells.min(1),
      z
        .strictObject({ atLeast: z.number().optional(), below: z.number().optional() })
        .refine(
          (bounds) => bounds.atLeast !== undefined || bounds.below !== undefined,
          'give "atLeast" or "below"',
        ),
    ),
  )
  .refine((tests) => Object.keys(tests).length > 0, "name at least one column");
const vintage = z.enum(vintages);
const fieldParts = {
  column: text,
  words: z.record(z.string(), text.nullable()).optional(),
  missing: cells.optional(),
};
const named = (value: unknown) => (typeof value === "string" ? { column: value } : value);
const field = z.preprocess(named, z.strictObject(fieldParts));
const occupation = z.preprocess(
  named,
  z
    .strictObject({
      ...fieldParts,
      vintage: vintage.optional(),
      compare: z.strictObject({ column: text, vintage }).optional(),
    })
    .refine(
      (one) => one.vintage === undefined || one.words === undefined,
      'codes of a "vintage" have no "words"',
    )
    .refine((one) => one.compare === undefined || one.vintage !== undefined, '"compare" needs a "vintage"'),
);
const level = text.refine((word) => textProblem("education", word) === undefined, "cannot stand in the text");
const steps = z.strictObject({
  start: level,
  unknown: condition.optional(),
  steps: z
    .array(
      z
        .strictObject({ level, since: text.optional(), once: condition.optional() })
        .refine((step) => (step.since === undefined) !== (step.once === undefined), 'give "since" or "once"'),
    )
    .min(1),
  undated: z
    .strictObject({
      column: text,
      words: z.record(z.string(), level.nullable()),
      ages: z.record(text, z.number().min(ages.least).max(ages.most)),
    })
    .optional(),
});
const state = text.refine((word) => textProblem("title", word) === undefined, "cannot be a title");
const stateClause = z.strictObject({ where: condition, is: state, note: text.optional() });

/** Rules that are one word each. */
const wordRules = {
  stateWithOccupation: z.enum(["error", "state", "occupation", "drop"]).optional(),
  unknownOccupation: z.enum(["error", "drop"]).optional(),
  states: z.enum(["keep", "drop"]).optional(),
  undatedDegree: z.enum(["ignore", "assume"]).optional(),
};

const schema = z.strictObject({
  name: text.optional(),
  surveyTag: text.optional(),
  source: text.optional(),
  files: z.array(text).optional(),
  encoding: text.refine(isEncoding, "no encoding of that name is known").optional(),
  separator: z
    .string()
    .regex(/^[ -~\t]$/, "give one ASCII character")
    .refine((one) => one !== '"', "a quote cannot part cells")
    .optional(),
  missing: cells.optional(),
  columns: z
    .strictObject({
      person: field,
      year: field,
      occupation: occupation.optional(),
      state: either(Array.isArray, z.array(stateClause).min(1), field).optional(),
      education: either(hasSteps, steps, field).optional(),
      gender: field.optional(),
      ethnicity: field.optional(),
      region: field.optional(),
      birthYear: field.optional(),
      age: field.optional(),
      weight: field.optional(),
    })
    .refine(
      (columns) => columns.occupation !== undefined || columns.state !== undefined,
      'name "occupation" or "state"',
    )
    .refine(
      (columns) => columns.birthYear === undefined || columns.age === undefined,
      'name "birthYear" or "age", not both',
    ),
  titles: z.array(text).min(1).optional(),
  rules: z
    .strictObject({
      drop: z.array(z.strictObject({ where: condition, because: text })).optional(),
      ...wordRules,
    })
    .optional(),
});

/** A map's text as that of the file that it is for; a separator stays what it is. */
function inPlainText(map: unknown): unknown {
  const plain = plainJson(map);
  return isObject(map) && "separator" in map ? { ...(plain as object), separator: map.separator } : plain;
}

/**
 * Checks a column map: unknown keys, wrong types and what contradicts itself are refused.
 * @param where what errors call it, for example its path
 * @throws UserError naming the key
 */
export function checkPanelMap(value: unknown, where = "the column map"): CheckedPanelMap {
  const result = schema.safeParse(inPlainText(value));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  const at = path.length === 0 ? "" : ` ${plainly(path.join("."))}:`;
  throw new UserError(
    `${where}:${at} ${plainly(message.replace(/^Invalid input: /, ""))}`,
    "data/maps/README.md lists the keys and what they hold.",
  );
}

/** Rules of a column map as a user writes them. @throws UserError for one that is none, or a value it cannot have */
export function panelRulesOfText(texts: Readonly<Record<string, string>>): PanelRules {
  for (const [name, text] of Object.entries(texts)) {
    if (!Object.hasOwn(wordRules, name)) {
      throw new UserError(
        `no rule of a table is called ${quote(name)}`,
        `Use ${Object.keys(wordRules).join(", ")}.`,
      );
    }
    const rule = wordRules[name as keyof typeof wordRules].unwrap();
    if (rule.safeParse(text).success) continue;
    throw new UserError(`the rule ${name} is ${quote(text)}`, `Use ${rule.options.join(" or ")}.`);
  }
  return texts as PanelRules;
}

/** Reads and checks a column map. @throws UserError as `checkPanelMap`, or if the file holds no JSON object */
export function readPanelMap(path: string): CheckedPanelMap {
  return checkPanelMap(readJsonObject(path, "A column map is a JSON file; see data/maps/README.md."), path);
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}
