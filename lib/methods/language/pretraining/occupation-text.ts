import type { DescribedOccupation } from "../../../occupations";
import { Random } from "../../../random";
import { capital, enumerate, indefinite, plural } from "./english";

const schoolingPhrases = [
  ["no diploma", "little schooling", "some training on the job"],
  ["a high school diploma", "12 years of school", "high school and some weeks of training"],
  ["an apprenticeship", "trade school after high school", "high school and a trade learned on the job"],
  ["some college", "two years of college", "a certificate or an associate degree"],
  ["a college degree", "a bachelor's degree", "four years of college"],
  ["a graduate degree", "college and graduate school", "a master's or a doctor's degree"],
];

/** The sentences of one document, or the lines of a form. */
type Layout = (occupation: DescribedOccupation, near: DescribedOccupation[], random: Random) => string;

/**
 * Texts about occupations without end: text i is about occupation i modulo their number, in one of several
 * layouts (description, form, advertisement, first person, question and answer), all seeded.
 */
export function occupationText(occupations: readonly DescribedOccupation[], seed: number, i: number): string {
  const random = new Random("occupation text", seed, i);
  const occupation = occupations[i % occupations.length];
  return random.choice(layouts)(occupation, neighbours(occupations, occupation), random);
}

/** The eight occupations of the same group whose codes are nearest: the code book puts like beside like. */
export function neighbours(
  occupations: readonly DescribedOccupation[],
  to: DescribedOccupation,
): DescribedOccupation[] {
  return occupations
    .filter((o) => o !== to && o.group === to.group)
    .sort((a, b) => Math.abs(a.code - to.code) - Math.abs(b.code - to.code) || a.code - b.code)
    .slice(0, 8);
}

const describe: Layout = (occupation, near, random) => {
  const name = random.choice(occupation.people);
  const lead = random.choice([
    `${capital(plural(name))} ${someTasks(occupation, random)}.`,
    `${capital(indefinite(name))} has to ${someTasks(occupation, random)}.`,
    `${occupation.title} are people who ${someTasks(occupation, random)}.`,
    `The job of ${indefinite(name)} is to ${someTasks(occupation, random)}.`,
  ]);
  const others = [
    random.choice([
      `${capital(indefinite(name))} works with ${occupation.tools}.`,
      `Their tools are ${occupation.tools}.`,
      `They use ${occupation.tools}.`,
    ]),
    random.choice([
      `They work ${occupation.place}.`,
      `You find ${plural(name)} ${occupation.place}.`,
      `Most ${plural(name)} work ${occupation.place}.`,
    ]),
    random.choice([
      `${capital(indefinite(name))} usually has ${schooling(occupation, random)}.`,
      `The work calls for ${schooling(occupation, random)}.`,
      `To become ${indefinite(name)}, one needs ${schooling(occupation, random)}.`,
    ]),
    random.choice([
      `The occupation belongs to the group "${occupation.group.title}".`,
      `The census counts ${plural(name)} among ${occupation.group.title.toLowerCase()}.`,
      `This counts as ${occupation.group.short}: people who ${occupation.group.description}.`,
      `In the tables they stand under ${occupation.title}, group ${occupation.group.title}.`,
    ]),
    random.choice([
      `Similar jobs are those of ${enumerate(names(near, random, 3).map(indefinite))}.`,
      `${capital(enumerate(names(near, random, 2).map(plural)))} do similar work.`,
      `After some years ${indefinite(name)} may become ${indefinite(names(near, random, 1)[0])}.`,
    ]),
  ];
  const kept = random.permutation(others.length).slice(0, 2 + random.integer(3));
  return `${[lead, ...Array.from(kept, (k) => others[k])].join(" ")}\n`;
};

const form: Layout = (occupation, near, random) => {
  const fields = [
    `Also called: ${enumerate(occupation.people)}`,
    `Group: ${occupation.group.title}`,
    `Schooling: ${schooling(occupation, random)}`,
    `Tasks: ${occupation.tasks.join("; ")}`,
    `Tools: ${occupation.tools}`,
    `Place of work: ${occupation.place}`,
    `Related: ${near
      .slice(0, 2 + random.integer(3))
      .map((o) => o.title)
      .join("; ")}`,
  ];
  const first = random.choice(["Occupation", "Title", "Job"]);
  const kept = Array.from(random.permutation(fields.length).slice(0, 3 + random.integer(4)));
  return `${[`${first}: ${occupation.title}`, ...kept.map((k) => fields[k])].join("\n")}\n`;
};

const advertisement: Layout = (occupation, _near, random) => {
  const name = random.choice(occupation.people);
  const wanted = random.choice([
    `Wanted: ${name}.`,
    `We are looking for ${indefinite(name)}.`,
    `${capital(name)} needed at once.`,
  ]);
  const duties = `${random.choice(["You will", "Your task is to", "The person hired will"])} ${someTasks(occupation, random)}.`;
  const place = random.choice([`You work ${occupation.place}.`, `The job is ${occupation.place}.`]);
  const needs = random.choice([
    `We ask for ${schooling(occupation, random)}.`,
    `Required: ${schooling(occupation, random)}.`,
    `You should know how to use ${occupation.tools}.`,
  ]);
  return `${random
    .choice([
      [wanted, duties, needs],
      [wanted, duties, place, needs],
      [wanted, place, duties],
    ])
    .join(" ")}\n`;
};

const firstPerson: Layout = (occupation, near, random) => {
  const name = random.choice(occupation.people);
  const [before] = names(near, random, 1);
  return `${[
    random.choice([
      `I am ${indefinite(name)}.`,
      `I work as ${indefinite(name)}.`,
      `My job is that of ${indefinite(name)}.`,
    ]),
    `${random.choice(["Every day I", "I", "Most days I"])} ${someTasks(occupation, random)}.`,
    random.choice([`I work ${occupation.place}.`, `My tools are ${occupation.tools}.`]),
    random.choice([`Before that I was ${indefinite(before)}.`, `I have ${schooling(occupation, random)}.`]),
  ].join(" ")}\n`;
};

const question: Layout = (occupation, near, random) => {
  const name = random.choice(occupation.people);
  const [other] = names(near, random, 1);
  return random.choice([
    `What does ${indefinite(name)} do? ${capital(plural(name))} ${someTasks(occupation, random)}.\n`,
    `Where do ${plural(name)} work? They work ${occupation.place}. What do they use? They use ${occupation.tools}.\n`,
    `What kind of work is that of ${indefinite(name)}? It is ${occupation.group.short}: ${occupation.group.title}.\n`,
    `What do ${indefinite(name)} and ${indefinite(other)} have in common? Both are ${occupation.group.title.toLowerCase()}, people who ${occupation.group.description}.\n`,
    `How much schooling does ${indefinite(name)} need? Usually ${schooling(occupation, random)}.\n`,
  ]);
};

const layouts: Layout[] = [describe, describe, describe, form, form, advertisement, firstPerson, question];

/** The first two to four tasks: a later one may refer to an earlier, so none is skipped. */
function someTasks(occupation: DescribedOccupation, random: Random): string {
  return enumerate(occupation.tasks.slice(0, 2 + random.integer(3)));
}

function schooling(occupation: DescribedOccupation, random: Random): string {
  return random.choice(schoolingPhrases[occupation.schooling - 1]);
}

function names(near: readonly DescribedOccupation[], random: Random, n: number): string[] {
  return Array.from(random.permutation(near.length).slice(0, n), (k) => random.choice(near[k].people));
}
