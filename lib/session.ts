import { AsyncLocalStorage } from "node:async_hooks";
import { resolve } from "node:path";
import { UserError } from "./errors";

/** What runs the tensors: TensorFlow's native library, WebAssembly, or plain JavaScript. */
export type EngineName = "tensorflow" | "wasm" | "cpu";

/** Fastest first. */
export const engineNames: readonly EngineName[] = ["tensorflow", "wasm", "cpu"];

/**
 * What the environment asks of the package. This file alone reads the variables; all other code reads the session
 * (`currentSession`). Paths are absolute.
 */
export interface Session {
  /** Name of the profile, which is a folder's name in figures/ too. */
  readonly profile: string;
  /** A survey in place of the profile's: a name or a path (`readSurvey`). */
  readonly survey: string | undefined;
  /** Whether every fit is made, none taken from the log-probabilities that are kept beside the results. */
  readonly anew: boolean;
  /** Where figures and tables go. */
  readonly figures: string | undefined;
  /** Where the figures and tables of notebooks that ran before are. */
  readonly earlierFigures: string | undefined;
  /** Where runs are cached. */
  readonly runs: string | undefined;
  /** The user's downloads of surveys: a folder of them, or the one. */
  readonly data: string | undefined;
  /** What a packed file may unpack to, 10^9 bytes. */
  readonly unpackGigabytes: number | undefined;
  /** Names of the terms of base models that the user agrees to. */
  readonly acceptedTerms: readonly string[];
  /** The engine that must run; the fastest that is there if none is named. */
  readonly engine: EngineName | undefined;
  /** The user's cache: the native engine, downloaded base models, terms that were agreed to. */
  readonly cache: string | undefined;
}

/** How a field of the session stands in the environment. */
export interface SessionVariable<Value> {
  /** Of the environment. */
  readonly name: string;
  /** The value where it is not set, or empty. */
  readonly unset: Value;
  /** What is done then, in words, where the value does not tell. */
  readonly otherwise?: string;
  /** @throws UserError for a bad value */
  readonly parse: (text: string, name: string) => Value;
  /** What is set for a process that is started; not set where undefined. */
  readonly print: (value: Value) => string | undefined;
}

const asIs = (value: string | undefined) => value;
const path = { unset: undefined, parse: (text: string) => resolve(text), print: asIs };

/** The variable of each field. */
export const sessionVariables: { readonly [Field in keyof Session]: SessionVariable<Session[Field]> } = {
  profile: { name: "LABOR_LLM_PROFILE", unset: "quick", parse: profileName, print: asIs },
  survey: {
    ...{ name: "LABOR_LLM_SURVEY", unset: undefined, otherwise: "the profile's surveys" },
    ...{ parse: (text) => text, print: asIs },
  },
  anew: {
    name: "LABOR_LLM_ANEW",
    unset: false,
    otherwise: "0",
    parse: flag,
    print: (on) => (on ? "1" : undefined),
  },
  figures: { name: "LABOR_LLM_FIGURES", otherwise: "`figures/PROFILE` of the project", ...path },
  earlierFigures: { name: "LABOR_LLM_FIGURES_BEFORE", otherwise: "where figures go", ...path },
  runs: {
    ...{ name: "LABOR_LLM_RUNS", ...path },
    otherwise: "`.cache/runs` of the repository; without one, `runs` of the user's cache",
  },
  data: { name: "LABOR_LLM_DATA", otherwise: "no downloads", ...path },
  unpackGigabytes: {
    ...{ name: "LABOR_LLM_UNPACK_GB", unset: undefined, otherwise: "the free memory, 4 at least" },
    ...{ parse: gigabytes, print: (value) => value?.toString() },
  },
  acceptedTerms: {
    ...{ name: "LABOR_LLM_ACCEPT_TERMS", unset: [], otherwise: "the user is asked" },
    ...{ parse: list, print: (names) => (names.length === 0 ? undefined : names.join(",")) },
  },
  engine: {
    name: "LABOR_LLM_ENGINE",
    unset: undefined,
    otherwise: "the fastest that is there",
    parse: engine,
    print: asIs,
  },
  cache: { name: "LABOR_LLM_CACHE", otherwise: "the platform's place, as `~/.cache/labor-llm`", ...path },
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The session that an environment asks for.
 * @throws UserError, in one line, for a variable whose value is none
 */
export function sessionOf(environment: Environment): Session {
  const field = <Field extends keyof Session>({ name, unset, parse }: SessionVariable<Session[Field]>) => {
    const text = environment[name];
    return text === undefined || text === "" ? unset : parse(text, name);
  };
  const entries = Object.entries(sessionVariables).map(([name, variable]) => [
    name,
    field(variable as SessionVariable<Session[keyof Session]>),
  ]);
  return Object.fromEntries(entries) as unknown as Session;
}

const chosen = new AsyncLocalStorage<Session>();

/**
 * The session that work is done in: `withSession`'s, else that of this process's environment as it stands, for it may
 * change while the process lives: a cell of a notebook sets a variable, a user agrees to terms.
 * @throws UserError as `sessionOf`
 */
export function currentSession(): Session {
  return chosen.getStore() ?? sessionOf(process.env);
}

/** Does some work in a session that differs from the current one; what runs beside it keeps its own. */
export function withSession<Result>(changes: Partial<Session>, work: () => Result): Result {
  return chosen.run({ ...currentSession(), ...changes }, work);
}

/** Changes the session of this process for good, and of those that it starts. */
export function changeSession(changes: Partial<Session>): void {
  set(process.env, changes);
}

/** The variables that ask for some fields of a session, for a process that is started. */
export function variablesOf(fields: Partial<Session>): Record<string, string> {
  const environment: NodeJS.ProcessEnv = {};
  set(environment, fields);
  return environment as Record<string, string>;
}

/** The environment of a process that is to run in the current session: a copy of this process's own. */
export function childEnvironment(): Record<string, string | undefined> {
  const environment = { ...process.env };
  const session = chosen.getStore();
  if (session !== undefined) set(environment, session);
  return environment;
}

function set(environment: NodeJS.ProcessEnv, fields: Partial<Session>): void {
  for (const [field, value] of Object.entries(fields)) {
    const { name, print } = sessionVariables[field as keyof Session] as SessionVariable<unknown>;
    const text = print(value);
    if (text === undefined) delete environment[name];
    else environment[name] = text;
  }
}

/** A profile that there is not is refused where profiles are known. */
function profileName(text: string, variable: string): string {
  if (/^\w[\w.-]*$/.test(text)) return text;
  throw new UserError(`${variable}: "${text}" is not a profile`, "Give its name, as quick or standard.");
}

function flag(text: string, variable: string): boolean {
  if (text === "1" || text === "0") return text === "1";
  throw new UserError(`${variable} is "${text}"`, "Set it to 1, or to 0.");
}

function gigabytes(text: string, variable: string): number {
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new UserError(`${variable} is "${text}"`, "Set it to a number of gigabytes above 0.");
}

function list(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  return names.filter((name) => name !== "");
}

function engine(text: string, variable: string): EngineName {
  const name = engineNames.find((one) => one === text);
  if (name !== undefined) return name;
  throw new UserError(`${variable}: "${text}" is not an engine`, `Choose one of ${engineNames.join(", ")}.`);
}
