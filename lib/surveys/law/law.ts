import type { KnownLaw, LawChange } from "../../careers";
import { UserError } from "../../errors";
import { dataFile, readJsonObject } from "../../files";
import { Random } from "../../random";
import { CareerLaw } from "./career-law";
import type { LawCoefficients } from "./parameters";
import { bornBy, spellingNeighbours } from "./spelling";
import { lawStructure } from "./structure";

/** Which law: as a panel carries it, but for whom a survey asks. */
export interface LawOptions extends Omit<KnownLaw, "kind"> {
  /** false: nobody is ever without a job, as in résumés. Default true. */
  specialStates?: boolean;
}

/** Offices, shops and machines lose to care, technology and transport, and no longer keep whom they have. */
export const structuralChange: LawChange = {
  attraction: {
    "Administrative support occupations": -1.5,
    "Retail sales occupations": -1,
    "Machine operators, assemblers and inspectors": -1.5,
    "Precision production occupations": -1,
    "Health service occupations": 1,
    "Technicians and related support occupations": 1,
    "Transportation and material moving occupations": 0.7,
  },
  stay: {
    "Administrative support occupations": -1,
    "Retail sales occupations": -0.7,
    "Machine operators, assemblers and inspectors": -1,
    "Precision production occupations": -0.7,
  },
};

let coefficients: LawCoefficients | undefined;

/**
 * The law of careers over the 332 occupations of occ1990dd and the three special states (data/law/README.md).
 * @throws UserError if the break names a group that is none of Dorn's 26, or the weight of words is negative
 */
export function law(options: LawOptions = {}): CareerLaw {
  const structure = lawStructure();
  coefficients ??= readJsonObject(dataFile("law", "parameters.json")) as unknown as LawCoefficients;
  const change = options.break === undefined ? undefined : { ...structuralChange, ...options.break };
  for (const group of [...Object.keys(change?.attraction ?? {}), ...Object.keys(change?.stay ?? {})]) {
    if (!structure.groups.includes(group)) {
      throw new UserError(`the break names "${group}"`, `The groups are ${structure.groups.join("; ")}.`);
    }
  }
  const { wordsTimes = 1 } = options;
  if (!(wordsTimes >= 0)) throw new UserError(`words that count ${wordsTimes} times`, "Give 0 or more.");
  const moves = { ...coefficients.moves, words: wordsTimes * coefficients.moves.words };
  const parts = [
    "law",
    ...(wordsTimes === 1 ? [] : [`in which words count ${wordsTimes} times`]),
    ...(options.words === "none" ? ["without words"] : []),
    ...(options.words === "spelling" ? ["of spelling"] : []),
    ...(change === undefined ? [] : [`with a break in ${change.year}`]),
    ...(options.specialStates === false ? ["without special states"] : []),
  ];
  const titleOf =
    options.words === "none" || options.words === "spelling"
      ? new Random("law without words", options.seed ?? 1).permutation(structure.titles.length)
      : undefined;
  return new CareerLaw(
    options.words === "spelling"
      ? { ...structure, neighbours: bornBy(spellingNeighbours(), titleOf!) }
      : structure,
    { ...coefficients, moves },
    {
      name: parts.join(" "),
      break: change,
      specialStates: options.specialStates,
      titleOf,
    },
  );
}
