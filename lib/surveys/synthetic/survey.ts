import {
  type Career,
  type CareerPanel,
  type Covariates,
  educationLevels,
  type KnownLaw,
} from "../../careers";
import { UserError } from "../../errors";
import { Random } from "../../random";
import {
  type CareerLaw,
  type LawPerson,
  lawEthnicities,
  lawGenders,
  law as lawOf,
  lawRegions,
  type Oracle,
  oracle,
  Simulator,
} from "../law";
import { drawPerson, type SyntheticDesign, type SyntheticKind, syntheticDesigns } from "./designs";

export interface SyntheticOptions {
  /** A number, or "paper" for the size of the paper's survey. Default a thousand or a few. */
  persons?: number | "paper";
  /** Default 1. Person i of a seed is the same whatever the number of persons. */
  seed?: number;
  /** Which law; the survey itself says whether there are special states. */
  law?: Omit<KnownLaw, "kind">;
}

/** The law that a synthetic survey follows. */
export function syntheticLaw(kind: SyntheticKind, options: SyntheticOptions = {}): CareerLaw {
  return lawOf({ ...options.law, specialStates: designOf(kind).specialStates });
}

/** The oracle of a synthetic survey: exact for its careers, also where they leave covariates out. */
export function syntheticOracle(kind: SyntheticKind, options: SyntheticOptions = {}): Oracle {
  return oracle(syntheticLaw(kind, options), designOf(kind));
}

/**
 * What is asked for by the name of a synthetic survey: `synthetic-nlsy79`; `synthetic-nlsy79-break-1990`
 * for the same persons in a world that changes in 1990 (`structuralChange`); or `synthetic-nlsy79-dealt` for the same
 * careers under titles that were dealt out at random. Undefined for other names. It is for those who read a survey by its
 * name: a panel that was read carries its law.
 */
export function syntheticNamed(name: string): { kind: SyntheticKind; options: SyntheticOptions } | undefined {
  if (Object.hasOwn(twins, name)) return { kind: "psid-like", options: twins[name] };
  const [, base, year, dealt] = /^(.+?)(?:-break-(\d{4})|-(dealt))?$/.exec(name) ?? [];
  const kinds = Object.keys(syntheticDesigns) as SyntheticKind[];
  const kind = kinds.find((one) => syntheticDesigns[one].name === base);
  if (kind === undefined) return undefined;
  if (dealt !== undefined) return { kind, options: { law: { words: "none" } } };
  return { kind, options: year === undefined ? {} : { law: { break: { year: Number(year) } } } };
}

/** The law that a survey is drawn from which `readSurvey` would read by this name; undefined where there is none. */
export function lawNamed(name: string): KnownLaw | undefined {
  const named = syntheticNamed(name);
  return named && { kind: named.kind, ...named.options.law };
}

/** The oracle of a synthetic survey's panel, or of a part of it; undefined for real surveys. */
export function oracleOf({ law }: Pick<CareerPanel, "law">): Oracle | undefined {
  return law && syntheticOracle(law.kind, { law });
}

/**
 * A survey drawn from the known law, which its panel carries. Its name and tag say "synthetic", for readers.
 * @throws UserError if the kind is unknown or the number of persons is none
 */
export function syntheticSurvey(kind: SyntheticKind, options: SyntheticOptions = {}): CareerPanel {
  const { name, surveyTag } = designOf(kind);
  const careers = [...streamSurvey(kind, options)];
  const law = { kind, ...options.law };
  return { name, surveyTag, titles: syntheticLaw(kind, options).titles, careers, law };
}

/** Twins of the PSID-like survey for the question whether words matter, large enough to tell. */
const twins: Readonly<Record<string, SyntheticOptions>> = {
  "synthetic-words": { persons: 4000, law: { wordsTimes: 10 } },
  "synthetic-control": { persons: 4000, law: { wordsTimes: 10, words: "none" } },
  "synthetic-spelling": { persons: 4000, law: { wordsTimes: 10, words: "spelling" } },
};

/**
 * The PSID-like survey in a world where most moves are to what is near in words ("synthetic-words"); the same persons
 * and careers with titles that were dealt out at random, so that words carry nothing ("synthetic-control"); and the
 * same persons with titles so dealt in a world where most moves are to titles spelt alike ("synthetic-spelling").
 */
export function syntheticTwin(name: string): CareerPanel {
  return { ...syntheticSurvey("psid-like", twins[name]), name };
}

/**
 * A large collection of résumés that represents nobody: jobs only, mostly of the college-educated, without ethnicity
 * and region, one line a year without gaps.
 */
export function syntheticResumes(options: SyntheticOptions = {}): CareerPanel {
  return syntheticSurvey("resumes", options);
}

/** The careers of `syntheticSurvey`, one at a time, in constant memory. */
export function* streamSurvey(kind: SyntheticKind, options: SyntheticOptions = {}): Generator<Career, void> {
  const design = designOf(kind);
  const persons = personsOf(design, options);
  const simulator = new Simulator(syntheticLaw(kind, options));
  for (let i = 0; i < persons; i++) {
    yield drawCareer(design, simulator, i, new Random("synthetic", kind, options.seed ?? 1, i));
  }
}

function drawCareer(design: SyntheticDesign, simulator: Simulator, i: number, random: Random): Career {
  const { law } = simulator;
  const person = drawPerson(design, random);
  const interviews = drawInterviews(design, person.birthYear, random);
  const { firstEducation } = design.covariates;
  const education = firstEducation === undefined ? undefined : random.weighted(firstEducation);
  const life = simulator.life(person, interviews[0], interviews.at(-1)!, random, education);
  return {
    person: `${design.prefix}${i + 1}`,
    covariates: recorded(design, person),
    observations: interviews.map((year) => {
      const { slot, education: level } = life[year - interviews[0]];
      return { year, title: law.titles.titles[law.columnOf[slot]], education: educationLevels[level] };
    }),
  };
}

/** At least one: the first interview is what makes somebody a member. */
function drawInterviews(design: SyntheticDesign, birthYear: number, random: Random): number[] {
  const { rounds, lastAge, missed, lost } = design;
  const entry = design.entry(birthYear, random);
  const last = Math.min(birthYear + lastAge, entry + (design.length?.(random) ?? Infinity));
  const interviews: number[] = [];
  for (const year of rounds) {
    if (year < entry || (interviews.length > 0 && year > last)) continue;
    if (interviews.length === 0 || random.uniform() >= missed) interviews.push(year);
    if (random.uniform() < lost) break;
  }
  return interviews;
}

function recorded({ records }: SyntheticDesign, person: LawPerson): Covariates {
  const covariates: Covariates = {};
  if (records.includes("gender")) covariates.gender = lawGenders[person.gender];
  if (records.includes("ethnicity")) covariates.ethnicity = lawEthnicities[person.ethnicity];
  if (records.includes("region")) covariates.region = lawRegions[person.region];
  if (records.includes("birthYear")) covariates.birthYear = person.birthYear;
  return covariates;
}

export function designOf(kind: SyntheticKind): SyntheticDesign {
  if (Object.hasOwn(syntheticDesigns, kind)) return syntheticDesigns[kind];
  throw new UserError(
    `there is no synthetic survey "${kind}"`,
    `The kinds are ${Object.keys(syntheticDesigns).join(", ")}.`,
  );
}

function personsOf(design: SyntheticDesign, { persons }: SyntheticOptions): number {
  if (persons === "paper") return design.paperPersons;
  if (persons === undefined) return design.persons;
  if (Number.isInteger(persons) && persons > 0) return persons;
  throw new UserError(
    `a survey of ${persons} persons`,
    'Give a whole number of persons, 1 or more, or "paper".',
  );
}
