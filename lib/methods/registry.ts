import { UserError } from "../errors";
import { bagOfJobs, career, lstm } from "./jobs";
import { embeddingLogit, fineTuned, inContext, offTheShelf } from "./language";
import { multinomialLogit, twoStageRegression } from "./logit";
import { empirical, markov } from "./markov";
import type { Method } from "./method";

/** Every method of the papers, in the order of tables: simple ones first. */
export const methods: readonly Method<object>[] = [
  empirical,
  markov,
  multinomialLogit,
  twoStageRegression,
  bagOfJobs,
  lstm,
  career,
  offTheShelf,
  inContext,
  embeddingLogit,
  fineTuned,
] as unknown as Method<object>[];

/** Names of the methods. */
export const methodNames: readonly string[] = methods.map(({ id }) => id);

/** @throws UserError if there is none of that name */
export function methodNamed(id: string): Method<object> {
  const method = methods.find((one) => one.id === id);
  if (method !== undefined) return method;
  throw new UserError(`"${id}" is no method`, `The methods are ${methodNames.join(", ")}.`);
}

/**
 * A method's settings, complete.
 * @throws UserError that names the setting that is wrong
 */
export function settingsOf(method: Method<object>, settings: object): object {
  const parsed = method.settings.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const where = path.length > 0 ? `${path.join(".")}: ` : "";
  throw new UserError(`settings of ${method.id}: ${where}${message}`, "See `labor-llm models list --json`.");
}
