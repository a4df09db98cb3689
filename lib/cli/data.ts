import { type Command, Option } from "commander";
import type { Career, CareerPanel, PanelDescription, Share } from "../careers";
import { UserError } from "../errors";
import type { TitleTokens } from "../experiments";
import { plainText } from "../plain-text";
import { quote } from "../quote";
import type { RuleTexts } from "../surveys";
import type { TextCovariate } from "../text";
import { covariateList, mapFlag, omitFlag, ruleFlag, surveyArgument, titlesOption } from "./options";

interface RenderOptions {
  map?: string;
  rule?: RuleTexts;
  person?: string;
  longest?: boolean;
  median?: boolean;
  titles: "literal" | "numeric";
  omit?: TextCovariate[];
}

/** Adds `data describe SURVEY` and `data render SURVEY` to the command line. */
export function registerDataCommands(program: Command): void {
  const data = program.command("data").description("look at a survey's careers");
  data
    .command("describe")
    .description("persons, person-years, titles, shares of first, move and stay, rows used and dropped")
    .argument("<survey>", surveyArgument)
    .option(...mapFlag)
    .option(...ruleFlag)
    .option("--json", "print one JSON object")
    .action(async (nameOrPath: string, options: { map?: string; rule?: RuleTexts; json?: boolean }) => {
      const { describePanel } = await import("../careers/index.js");
      const { titlesAsTokens } = await import("../experiments/index.js");
      const { dataFile } = await import("../files/index.js");
      const { readSurvey } = await import("../surveys/index.js");
      const { Tokenizer } = await import("../text/index.js");
      const panel = readSurvey(nameOrPath, options.map, options.rule);
      const description = describePanel(panel);
      const { rows: _, ...tokens } = titlesAsTokens(
        panel.titles,
        Tokenizer.fromFolder(dataFile("base-model")),
      );
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ ...description, titleTokens: tokens }, null, 2)}\n`
          : descriptionText(description, tokens),
      );
    });
  data
    .command("render")
    .description("a career as the model reads it")
    .argument("<survey>", surveyArgument)
    .option(...mapFlag)
    .option(...ruleFlag)
    .addOption(new Option("--person <id>", "identifier of the person").conflicts(["longest", "median"]))
    .addOption(new Option("--longest", "the career with the most person-years").conflicts("median"))
    .option("--median", "a career of the median length")
    .addOption(titlesOption())
    .option(...omitFlag, covariateList)
    .action(async (nameOrPath: string, options: RenderOptions) => {
      process.stdout.write(await personText(nameOrPath, options));
    });
}

async function personText(
  nameOrPath: string,
  { map, rule, titles, omit = [], ...which }: RenderOptions,
): Promise<string> {
  const { readSurvey } = await import("../surveys/index.js");
  const { renderCareer, templateOf } = await import("../text/index.js");
  const panel = readSurvey(nameOrPath, map, rule);
  return renderCareer(await chosenCareer(panel, which), templateOf(panel, { titles, omit }));
}

async function chosenCareer(
  panel: CareerPanel,
  which: Pick<RenderOptions, "person" | "longest" | "median">,
): Promise<Career> {
  const { longestCareer, medianCareer } = await import("../careers/index.js");
  const { person } = which;
  if (person === undefined && !which.longest && !which.median) {
    throw new UserError("whose career?", "Give --person ID, --longest or --median.");
  }
  const career = which.longest
    ? longestCareer(panel)
    : which.median
      ? medianCareer(panel)
      : panel.careers.find((one) => one.person === plainText(person!));
  if (career !== undefined) return career;
  throw new UserError(
    `${panel.name} has no person ${quote(person!)}`,
    `Take one of its ${panel.careers.length} persons, for example ${panel.careers[0].person}.`,
  );
}

/** A description as a table for the terminal: one fact a line, shares in per cent. */
export function descriptionText(d: PanelDescription, tokens: Omit<TitleTokens, "rows">): string {
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
    ["without a job", `${percent(d.specialStateShare)} of person-years`],
    [
      "tokens a title",
      `${tokens.mean.toFixed(1)} on average, at most ${tokens.most} (base model's tokenizer)`,
    ],
    ["title trie", `${tokens.trieNodes} nodes, ${tokens.forwardSteps} of them forward steps`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const blocks = [
    shareBlock("titles, share of person-years", d.titleShares),
    shareBlock("education, share of person-years", d.education),
    shareBlock("gender, share of persons", d.gender),
    shareBlock("ethnicity, share of persons", d.ethnicity),
    shareBlock("region, share of persons", d.region),
  ];
  const account = [
    ...(d.rows === undefined ? [] : [`\n${d.rows}\n`]),
    ...(d.losses ?? []).map((loss) => `${loss}\n`),
  ].join("");
  const table = facts.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
  return `${table}${account}\n${blocks.join("\n")}`;
}

function shareBlock(heading: string, shares: readonly Share[]): string {
  const rows = shares.map(({ value, share }) => `  ${percent(share).padStart(7)}  ${value ?? "(missing)"}\n`);
  return `${heading}\n${rows.join("")}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
