import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { areAcceptedOnCommandLine } from "../../../accepted-terms";
import { cacheFolder } from "../../../engine";
import { UserError } from "../../../errors";
import { writeFileAtomically } from "../../../files";
import { currentSession } from "../../../session";
import type { KnownBase, Terms } from "./known-bases";

/** How a user is told of terms, and asked. */
export interface TermsOptions {
  /** The user agreed already, on the command line. */
  acceptTerms?: boolean;
  /** Told each line. Default: standard error. */
  say?: (line: string) => void;
  /** Asks a question and gives the answer. Default: the terminal; where there is none, nobody is asked. */
  ask?: (question: string) => Promise<string>;
}

/**
 * Shows the terms of a base model once, and remembers in the user's cache that they were agreed to.
 * @throws UserError if they were not: the user said no, or nobody could be asked
 */
export async function agreeToTerms(base: KnownBase, options: TermsOptions = {}): Promise<void> {
  const { terms } = base;
  if (terms === undefined || existsSync(recordOf(terms))) return;
  const say = options.say ?? ((line: string) => void process.stderr.write(`${line}\n`));
  say(`${base.name} is provided under the ${terms.name}, ${terms.url}`);
  say("Using the model means agreement with them, and with the use restrictions that they name.");
  const how = await agreement(terms, options);
  if (how === undefined) {
    throw new UserError(
      `${base.name} may be used only after agreeing to the ${terms.name} (${terms.url})`,
      `Read them; to agree, run again with --accept-terms ${terms.key}, or with LABOR_LLM_ACCEPT_TERMS=${terms.key}.`,
    );
  }
  const record = { terms: terms.name, url: terms.url, agreed: new Date().toISOString(), how };
  writeFileAtomically(recordOf(terms), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Where the agreement is remembered. */
function recordOf(terms: Terms): string {
  return join(cacheFolder(), "terms", `${terms.key}.json`);
}

/** How the user agrees; undefined where not. */
async function agreement(
  terms: Terms,
  { acceptTerms: accepted, ask }: TermsOptions,
): Promise<string | undefined> {
  if (accepted) return "--accept-terms";
  if (currentSession().acceptedTerms.includes(terms.key))
    return areAcceptedOnCommandLine(terms.key) ? "--accept-terms" : "LABOR_LLM_ACCEPT_TERMS";
  const question = "Do you agree? [y/N] ";
  if (ask !== undefined) return isYes(await ask(question)) ? "answer" : undefined;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return isYes(await terminal.question(question)) ? "answer" : undefined;
  } finally {
    terminal.close();
  }
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
