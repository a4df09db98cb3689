import type { DescribedOccupation } from "../../../occupations";
import { Random } from "../../../random";
import { capital, enumerate, indefinite } from "./english";
import { drawResume, type Resume } from "./resume-law";

/** What a job is called in one résumé, and how schooling is put. */
interface Style {
  name(occupation: DescribedOccupation, spell: number): string;
  schooling(level: number): string;
}

type Layout = (resume: Resume, style: Style, random: Random) => string;

const schoolingWords = [
  ["less than high school", "high school", "high school", "some college", "college", "graduate degree"],
  [
    "grade school",
    "high school graduate",
    "trade school",
    "some college",
    "college graduate",
    "graduate school",
  ],
  [
    "no diploma",
    "high school diploma",
    "trade school",
    "associate degree",
    "bachelor's degree",
    "master's degree",
  ],
  [
    "9 years of school",
    "12 years of school",
    "13 years of school",
    "14 years of school",
    "16 years of school",
    "18 years of school",
  ],
  [
    "10 years of schooling",
    "12 years of schooling",
    "12 years of schooling",
    "15 years of schooling",
    "16 years of schooling",
    "17 years of schooling",
  ],
];
const regionNames: Record<string, string> = {
  northeast: "Northeast",
  "north central": "North Central states",
  midwest: "Midwest",
  south: "South",
  west: "West",
};

/** Résumé i as text: one of several layouts, none of them the survey's. */
export function resumeText(occupations: readonly DescribedOccupation[], seed: number, i: number): string {
  const random = new Random("resume text", seed, i);
  const style = drawStyle(random);
  return `${layouts[random.weighted(layoutWeights)](drawResume(occupations, seed, i), style, random)}\n`;
}

/**
 * Most résumés name jobs as workers do ("Bank teller"), some as a code book does ("Bank tellers"), and some
 * use the nine groups' titles for a part of their jobs.
 */
function drawStyle(random: Random): Style {
  const words = random.choice(schoolingWords);
  const naming = random.weighted([0.6, 0.2, 0.2]);
  const salt = random.integer(1 << 30);
  return {
    schooling: (level) => words[level - 1],
    name(occupation, spell) {
      const draw = new Random("job name", salt, spell);
      if (naming === 2 && draw.uniform() < 0.4) return occupation.group.title;
      if (naming === 1 || (naming === 2 && draw.uniform() < 0.5)) return occupation.title;
      return capital(draw.choice(occupation.people));
    },
  };
}

/** One line a year: the layout nearest to the survey's template. */
const yearly =
  (withSchooling: boolean): Layout =>
  (resume, style, random) => {
    const line = random.choice(
      withSchooling
        ? [
            (year: number, level: string, job: string) => `${year} (${level}): ${job}`,
            (year: number, level: string, job: string) => `${year} (${level}): ${job}`,
            (year: number, level: string, job: string) => `${year}: ${job} (${level})`,
            (year: number, level: string, job: string) => `${year}, ${level}, ${job}`,
          ]
        : [
            (year: number, _level: string, job: string) => `${year}: ${job}`,
            (year: number, _level: string, job: string) => `${year} - ${job}`,
          ],
    );
    const gaps = random.uniform() < 0.2;
    const lines = resume.spells.flatMap((spell, s) =>
      Array.from({ length: spell.to - spell.from + 1 }, (_, k) => {
        const year = spell.from + k;
        const level = resume.schooling[year < resume.graduation ? 0 : 1];
        return line(year, style.schooling(level), style.name(spell.occupation, s));
      }),
    );
    const kept = gaps ? lines.filter((_, k) => k === 0 || random.uniform() < 0.7) : lines;
    const close = random.choice([[], [], ["End of record."], ["(end)"], ["That is all."]]);
    return [...header(resume, random), ...kept, ...close].join("\n");
  };

function header(resume: Resume, random: Random): string[] {
  const { gender, ethnicity, region, birthYear } = resume;
  const person = gender === "female" ? "woman" : "man";
  return random.choice([
    [
      `Work record of ${indefinite(`${ethnicity} ${person}`)} from the ${regionNames[region]}, born in ${birthYear}.`,
      "Each line gives the year, the schooling so far, and the job.",
    ],
    [`Sex: ${gender}. Race: ${ethnicity}. Region: ${region}. Year of birth: ${birthYear}.`, "Jobs by year:"],
    [`Job list (${gender}, ${ethnicity}, ${region} region, born ${birthYear})`],
    [`This ${person} lives in the ${region} region. Below are the jobs held, year by year.`],
    [`${capital(gender)} worker, born in ${birthYear}. Yearly record of jobs and education:`],
    ["Employment by year"],
  ]);
}

const workExperience: Layout = (resume, style, random) => {
  const newestFirst = random.uniform() < 0.5;
  const duties = random.uniform() < 0.4;
  const lines = resume.spells.map((spell, s) => {
    const job = `${period(spell)}: ${style.name(spell.occupation, s)}`;
    return duties
      ? `${job}. Duties: ${spell.occupation.tasks.slice(0, 2 + random.integer(2)).join("; ")}.`
      : job;
  });
  if (newestFirst) lines.reverse();
  const education = `Education: ${style.schooling(resume.schooling[1])}`;
  const title = random.choice(["Work experience", "Experience", "Employment history", "Positions held"]);
  return random
    .choice([
      [title, ...lines, education],
      [education, title, ...lines],
      [title, ...lines],
    ])
    .join("\n");
};

const history: Layout = (resume, style, random) => {
  const steps = resume.spells.map((spell, s) => `${spell.from} ${style.name(spell.occupation, s)}`);
  const lead = random.choice(["Career history", "Career", "Jobs", "Positions"]);
  return `${lead} (${style.schooling(resume.schooling[1])}): ${steps.join("; ")}.`;
};

const narrative: Layout = (resume, style, random) => {
  const { gender, region, birthYear } = resume;
  const they = gender === "female" ? "she" : "he";
  const opening = random.choice([
    `${capital(they)} was born in ${birthYear} and lives in the ${regionNames[region]}.`,
    `Born in ${birthYear}, ${they} grew up in the ${regionNames[region]}.`,
    `${capital(they)} has this education: ${style.schooling(resume.schooling[1])}.`,
  ]);
  const steps = resume.spells.map(({ from, to, occupation }) => {
    const name = random.choice(occupation.people);
    return random.choice([
      from === to
        ? `In ${from} ${they} worked as ${indefinite(name)}`
        : `From ${from} to ${to} ${they} worked as ${indefinite(name)}`,
      `In ${from} ${they} became ${indefinite(name)}`,
      `In ${from} ${they} took a job as ${indefinite(name)} ${occupation.place}`,
      `In ${from} ${they} was hired to ${enumerate(occupation.tasks.slice(0, 2))} as ${indefinite(name)}`,
    ]);
  });
  return `${[opening, ...steps.map((step) => `${step}.`)].join(" ")}`;
};

const layouts: Layout[] = [yearly(true), yearly(false), workExperience, history, narrative];
const layoutWeights = [0.4, 0.12, 0.2, 0.13, 0.15];

function period({ from, to }: { from: number; to: number }): string {
  return from === to ? `${from}` : `${from}-${to}`;
}
