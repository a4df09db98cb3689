import { z } from "zod";
import { UserError } from "../../errors";
import type { WritableArray } from "../../files";
import type { TitleSet } from "../../occupations";
import { type FittedState, readFitted, type StoredArrays, writeFitted } from "../fitted-files";
import { type CareerLogit, careerLogit, type Outcome } from "./career-logit";
import { AGE_SQUARED, CareerFeatures, logitTerms } from "./features";
import { type MultinomialLogitModel, multinomialLogitModel, sameAsBefore } from "./multinomial-logit";
import { restoreTrials, storedTrial, storeTrials } from "./ridge";
import {
  moveExcludes,
  stayClasses,
  type TwoStageRegressionModel,
  twoStageModel,
} from "./two-stage-regression";

const logitFacts = z.strictObject({
  terms: z.array(z.enum(logitTerms)),
  features: z
    .array(
      z.strictObject({
        term: z.enum(["intercept", ...logitTerms, AGE_SQUARED]),
        level: z.string().optional(),
        standard: z.strictObject({ mean: z.number(), deviation: z.number().positive() }).optional(),
      }),
    )
    .min(1),
  ridge: z.number().min(0),
  trials: z.array(storedTrial),
  /** The constant of the same class as before. */
  same: z.number().optional(),
});
type LogitFacts = z.infer<typeof logitFacts>;

/** @param part what the names of its arrays begin with */
function storeLogit({ fitted, sameClass }: CareerLogit, part: string): FittedState<LogitFacts> {
  const { features, weights, shares, counts, ridge, trials, classes } = fitted;
  const [K, J] = [features.features.length, classes.length];
  return {
    facts: {
      terms: [...features.terms],
      features: features.features.map((feature) => ({ ...feature })),
      ridge,
      trials: storeTrials(trials),
      ...(sameClass === undefined ? {} : { same: sameClass }),
    },
    arrays: new Map<string, WritableArray>([
      [`${part}.weights`, { shape: [K, J], values: weights.subarray(0, K * J) }],
      [`${part}.shares`, { shape: [J], values: shares }],
      [`${part}.counts`, { shape: [J], values: counts }],
    ]),
  };
}

function restoreLogit(
  { terms, features, ridge, trials, same }: LogitFacts,
  arrays: StoredArrays,
  part: string,
  outcome: Pick<Outcome, "classes" | "excluded">,
  titles: TitleSet,
  folder: string,
): CareerLogit {
  const linear = (term: string) => ["tenure", "experience", "age", AGE_SQUARED].includes(term);
  if (
    features.some(
      ({ term, level, standard }) => (linear(term) && level === undefined) !== (standard !== undefined),
    )
  ) {
    throw new UserError(`${folder}: the columns of the ${part} logit are malformed`, "Fit the model again.");
  }
  const J = outcome.classes.length;
  const numbers = (name: string, shape: number[]) => arrays.get(`${part}.${name}`, shape) as Float64Array;
  const weights = numbers("weights", [features.length, J]);
  return careerLogit({
    ...outcome,
    same: same === undefined ? undefined : sameAsBefore,
    features: new CareerFeatures(terms, features, titles),
    weights: same === undefined ? weights : Float64Array.from([...weights, same]),
    shares: numbers("shares", [J]),
    counts: numbers("counts", [J]),
    ridge,
    trials: restoreTrials(trials),
  });
}

const multinomialFacts = z.strictObject({ name: z.string(), title: logitFacts });

/** @throws UserError where the folder cannot be written */
export function writeMultinomialLogit(folder: string, { name, logit }: MultinomialLogitModel): void {
  const { facts, arrays } = storeLogit(logit, "title");
  writeFitted(folder, { facts: { name, title: facts }, arrays });
}

/** Reads what `writeMultinomialLogit` wrote. @throws UserError where a file is missing, damaged or over other titles */
export function readMultinomialLogit(folder: string, titles: TitleSet): MultinomialLogitModel {
  const { facts, arrays } = readFitted(folder, multinomialFacts);
  const outcome = { classes: titles.titles };
  const logit = restoreLogit(facts.title, arrays, "title", outcome, titles, folder);
  return multinomialLogitModel(facts.name, logit, titles);
}

const twoStageFacts = z.strictObject({
  name: z.string(),
  stay: logitFacts,
  move: logitFacts,
  first: logitFacts,
});

/** @throws UserError where the folder cannot be written */
export function writeTwoStageRegression(folder: string, model: TwoStageRegressionModel): void {
  const parts = (["stay", "move", "first"] as const).map(
    (part) => [part, storeLogit(model[part], part)] as const,
  );
  const facts = Object.fromEntries(parts.map(([part, state]) => [part, state.facts]));
  const arrays = new Map(parts.flatMap(([, state]) => [...state.arrays]));
  writeFitted(folder, { facts: { name: model.name, ...facts }, arrays });
}

/** Reads what `writeTwoStageRegression` wrote. @throws UserError where a file is missing, damaged or over other titles */
export function readTwoStageRegression(folder: string, titles: TitleSet): TwoStageRegressionModel {
  const { facts, arrays } = readFitted(folder, twoStageFacts);
  const restore = (part: "stay" | "move" | "first", outcome: Pick<Outcome, "classes" | "excluded">) =>
    restoreLogit(facts[part], arrays, part, outcome, titles, folder);
  const classes = titles.titles;
  const logits = {
    stay: restore("stay", { classes: stayClasses }),
    move: restore("move", { classes, excluded: moveExcludes }),
    first: restore("first", { classes }),
  };
  return twoStageModel(facts.name, logits, titles);
}
