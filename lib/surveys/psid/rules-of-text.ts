import { UserError } from "../../errors";
import { numberIn } from "../../numerals";
import { quote } from "../../quote";
import { employmentStatuses } from "./codes";
import { psidRules, type StatusRule, statusRules } from "./options";
import type { PsidOptions } from "./read-psid";

type Reader = (text: string) => unknown;

const readers: Record<string, Reader> = {
  who: oneOf("reference persons and spouses", "reference persons"),
  years: (text) => {
    const [, first, last] = /^(\d{4})(?:\s*(?:-|to)\s*(\d{4}))?$/.exec(text.trim()) ?? [];
    if (first === undefined || Number(last ?? first) < Number(first)) return undefined;
    return [Number(first), Number(last ?? first)];
  },
  withoutStatus: oneOf("occupation", "drop"),
  schooling: oneOf("highest", "latest"),
  schoolingBeforeFrom: (text) => {
    const age = text === "never" ? Number.POSITIVE_INFINITY : numberIn(text);
    return age >= 0 ? age : undefined;
  },
  birthYearFromAge: yesOrNo,
  weights: yesOrNo,
  missingVariables: oneOf("refuse", "accept"),
};

const forms: Record<string, string> = {
  who: "reference persons and spouses, or reference persons",
  years: "a year or two, such as 1989-1997",
  withoutStatus: "occupation or drop",
  schooling: "highest or latest",
  schoolingBeforeFrom: "an age, or never",
  birthYearFromAge: "yes or no",
  weights: "yes or no",
  missingVariables: "refuse or accept",
};

/**
 * The reader's options as a user writes them: the names of `PsidRules`, and `statuses.unemployed` and the like for one
 * employment status.
 * @throws UserError for a name that is none, or a value that it cannot have
 */
export function psidOptionsOfText(texts: Readonly<Record<string, string>>): PsidOptions {
  const options: Record<string, unknown> = {};
  const statuses: Record<string, StatusRule> = {};
  for (const [name, text] of Object.entries(texts)) {
    const status = /^statuses\.(.*)$/.exec(name)?.[1];
    if (status !== undefined && Object.hasOwn(psidRules.statuses, status)) {
      const rule = statusRules.find((one) => one === text);
      if (rule === undefined) throw wrong(name, text, statusRules.join(", "));
      statuses[status] = rule;
    } else if (Object.hasOwn(readers, name)) {
      const value = readers[name](text);
      if (value === undefined) throw wrong(name, text, forms[name]);
      options[name] = value;
    } else {
      throw new UserError(
        `no rule of the PSID is called ${quote(name)}`,
        `Use ${Object.keys(readers).join(", ")}, or statuses.X, where X is one of ${employmentStatuses.join(", ")}.`,
      );
    }
  }
  return { ...options, statuses };
}

function wrong(name: string, text: string, form: string): UserError {
  return new UserError(`the rule ${name} is ${quote(text)}`, `Give ${form}.`);
}

function oneOf(...values: string[]): Reader {
  return (text) => values.find((value) => value === text);
}

function yesOrNo(text: string): boolean | undefined {
  return { yes: true, true: true, no: false, false: false }[text];
}
