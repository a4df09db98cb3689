import { z } from "zod";
import { UserError } from "../errors";
import type { OccupationModel } from "../predictions";
import { bagOfJobs, career, lstm } from "./jobs";
import { embeddingLogit, fineTuned, inContext, offTheShelf } from "./language";
import { multinomialLogit, twoStageRegression } from "./logit";
import { empirical, markov } from "./markov";
import type { FitReport, FitTask, Method } from "./method";

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

/** What a process adds to the methods: fitted when it is asked for, neither cached nor saved, for its code is not in a file. */
export interface OwnMethod<Settings extends object = object>
  extends Pick<Method<Settings>, "id" | "label" | "pools" | "needs"> {
  /** Settings and their defaults. Default: it takes none. */
  readonly settings?: z.ZodType<Settings>;
  fit(task: FitTask<Settings>): Promise<FitReport & { model: OccupationModel }>;
}

const own = new Map<string, Method<object>>();

/**
 * Makes a method known to this process by its name, as a cell of a notebook does with one of its own: experiments take it
 * then as any other. One that was added before under the same name is replaced.
 * @throws UserError if the name is that of a method of the papers
 */
export function addMethod<Settings extends object = object>(method: OwnMethod<Settings>): void {
  if (methodNames.includes(method.id)) {
    throw new UserError(`"${method.id}" is a method already`, "Give yours another name.");
  }
  const refuse = () => {
    throw new UserError(`${method.id} is a method of one process: its fits are not saved`);
  };
  own.set(method.id, {
    settings: z.strictObject({}),
    summary: method.label,
    ...method,
    fit: async (task: FitTask<Settings>) => ({ ...(await method.fit(task)), save: refuse }),
    open: refuse,
  } as unknown as Method<object>);
}

/** @throws UserError if there is none of that name */
export function methodNamed(id: string): Method<object> {
  const method = methods.find((one) => one.id === id) ?? own.get(id);
  if (method !== undefined) return method;
  throw new UserError(
    `"${id}" is no method`,
    `The methods are ${[...methodNames, ...own.keys()].join(", ")}.`,
  );
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
