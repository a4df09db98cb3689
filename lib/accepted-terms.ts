import { changeSession, currentSession } from "./session";

/** Names of the terms that base models have: what `--accept-terms` and LABOR_LLM_ACCEPT_TERMS take. */
export const termsNames = ["gemma"] as const;

export type TermsName = (typeof termsNames)[number];

/** Terms that the session accepts because the command line did. */
const onCommandLine = new Set<string>();

/** Agrees on the user's behalf, who named the terms on the command line, in this process and in those that it starts. */
export function acceptTerms(names: readonly string[]): void {
  for (const name of names) onCommandLine.add(name);
  changeSession({ acceptedTerms: [...new Set([...currentSession().acceptedTerms, ...names])] });
}

/** Whether terms were agreed to on the command line rather than in the environment. */
export function areAcceptedOnCommandLine(name: TermsName): boolean {
  return onCommandLine.has(name);
}
