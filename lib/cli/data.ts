import { type Command, InvalidArgumentError, Option } from "commander";
import { describePanel, type PanelDescription, type Share } from "../careers/describe";
import { UserError } from "../errors";
import { readSurvey } from "../surveys/read-survey";
import { renderCareer, type TextCovariate, textCovariates } from "../text/template";
import { numericTitles } from "../text/titles";

const survey = "name of a survey, or path of a CSV file with columns person, year, title, …";

interface RenderOptions {
  person: string;
  titles: "literal" | "numeric";
  omit: TextCovariate[];
}

/** Adds `data describe SURVEY [--json]` and `data render SURVEY --person ID` to the command line. */
export function registerDataCommands(program: Command): void {
  const data = program.command("data").description("look at a survey's careers");
  data
    .command("describe")
    .description("persons, person-years, titles, shares of first, move and stay")
    .argument("<survey>", survey)
    .option("--json", "print one JSON object")
    .action((nameOrPath: string, options: { json?: boolean }) => {
      const description = describePanel(readSurvey(nameOrPath));
      process.stdout.write(
        options.json ? `${JSON.stringify(description, null, 2)}\n` : descriptionText(description),
      );
    });
  data
    .command("render")
    .description("a career as the model reads it")
    .argument("<survey>", survey)
    .requiredOption("--person <id>", "identifier of the person")
    .addOption(
      new Option("--titles <wording>", "titles as words or as codes")
        .choices(["literal", "numeric"])
        .default("literal"),
    )
    .option("--omit <list>", `comma-separated, of ${textCovariates.join(", ")}`, covariateList, [])
    .action((nameOrPath: string, options: RenderOptions) => {
      process.stdout.write(personText(nameOrPath, options));
    });
}

function covariateList(list: string): TextCovariate[] {
  const names = list.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !(textCovariates as readonly string[]).includes(name));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`"${wrong}" is none of ${textCovariates.join(", ")}.`);
  }
  return names as TextCovariate[];
}

function personText(nameOrPath: string, { person, titles, omit }: RenderOptions): string {
  const panel = readSurvey(nameOrPath);
  const career = panel.careers.find((one) => one.person === person);
  if (career === undefined) {
    throw new UserError(
      `${panel.name} has no person "${person}"`,
      `Take one of its ${panel.careers.length} persons, for example ${panel.careers[0].person}.`,
    );
  }
  const wording = titles === "numeric" ? numericTitles(panel.titles) : undefined;
  return renderCareer(career, { surveyTag: panel.surveyTag, omit, wording });
}

/** A description as a table for the terminal: one fact a line, shares in per cent. */
export function descriptionText(d: PanelDescription): string {
  const range = (ends: [number, number] | null) => (ends === null ? "none" : `${ends[0]} to ${ends[1]}`);
  const { first, move, stay } = d.transitions;
  const facts: [string, string][] = [
    ["survey", `${d.name} (${d.surveyTag})`],
    ["persons", String(d.persons)],
    ["person-years", `${d.personYears}, ${d.meanLength.toFixed(2)} a person`],
    ["years", range(d.years)],
    ["birth years", range(d.birthYears)],
    ["titles", `${d.titles}, of which ${d.titlesObserved} occur`],
    ["transitions", `first ${percent(first)}, move ${percent(move)}, stay ${percent(stay)}`],
    ["stay rate", `${percent(d.stayRate)} of the person-years that have one before`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const blocks = [
    shareBlock("titles, share of person-years", d.titleShares),
    shareBlock("education, share of person-years", d.education),
    shareBlock("gender, share of persons", d.gender),
    shareBlock("ethnicity, share of persons", d.ethnicity),
    shareBlock("region, share of persons", d.region),
  ];
  return `${facts.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("")}\n${blocks.join("\n")}`;
}

function shareBlock(heading: string, shares: readonly Share[]): string {
  const rows = shares.map(({ value, share }) => `  ${percent(share).padStart(7)}  ${value ?? "(missing)"}\n`);
  return `${heading}\n${rows.join("")}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
