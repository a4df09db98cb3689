import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describePanel } from "labor-llm/dist/careers/describe";
import { registerDataCommands } from "labor-llm/dist/cli/data";
import { titlesAsTokens } from "labor-llm/dist/experiments/titles-as-tokens";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { syntheticDownload } from "labor-llm/dist/surveys/nls/synthetic-download";
import { writeDownloadFiles } from "labor-llm/dist/surveys/nls/synthetic-files";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { readPsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { renderCareer } from "labor-llm/dist/text/template";
import { numericTitles } from "labor-llm/dist/text/titles";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { inventPersons } from "../support/psid/careers";
import { downloadFiles, writeDownload } from "../support/psid/download";
import { withScratch } from "../support/scratch";

/** What a command prints on standard output. */
async function run(...args: string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  registerDataCommands(program);
  const write = process.stdout.write;
  let printed = "";
  process.stdout.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
  try {
    await program.parseAsync(args, { from: "user" });
  } finally {
    process.stdout.write = write;
  }
  return printed;
}

describe("labor-llm data", () => {
  const panel = readNlsyYoungMen();
  const career = panel.careers.find(({ person }) => person === "17")!;

  it("describes a survey, as JSON alone where asked", async () => {
    const { titleTokens, ...description } = JSON.parse(
      await run("data", "describe", "nlsy-young-men", "--json"),
    );
    assert.deepEqual(description, JSON.parse(JSON.stringify(describePanel(panel))));
    assert.equal(description.rows.read, 4360);
    const { rows, ...tokens } = titlesAsTokens(panel.titles, Tokenizer.fromFolder(dataFile("base-model")));
    assert.deepEqual(titleTokens, tokens);
    assert.equal(tokens.most, Math.max(...rows.map(({ tokens }) => tokens)));
    const table = await run("data", "describe", "nlsy-young-men");
    assert.match(table, /^persons +545$/m);
    assert.match(table, /^transitions +first 12\.5 %, move 37\.0 %, stay 50\.5 %$/m);
  });

  it("renders a person as the model reads him", async () => {
    const render = ["data", "render", "nlsy-young-men", "--person", "17"];
    assert.equal(await run(...render), renderCareer(career, { surveyTag: "NLSY79" }));
    assert.equal(
      await run(...render, "--titles", "numeric", "--omit", "region,birthYear"),
      renderCareer(career, {
        surveyTag: "NLSY79",
        wording: numericTitles(panel.titles),
        omit: ["region", "birthYear"],
      }),
    );
  });

  it("renders the longest career and one of the median length", async () => {
    // All have eight years: the first person is both.
    const first = renderCareer(panel.careers[0], { surveyTag: "NLSY79" });
    assert.equal(await run("data", "render", "nlsy-young-men", "--longest"), first);
    assert.equal(await run("data", "render", "nlsy-young-men", "--median"), first);
  });

  it("reads a survey by the rules that are told, name by name", async () => {
    await withScratch(async (folder) => {
      const [nlsy] = writeDownloadFiles(folder, syntheticDownload("nlsy79", { persons: 40, seed: 1 }), [
        ".csv",
      ]);
      const psid = writeDownload(
        join(folder, "psid"),
        downloadFiles(inventPersons(1, 20), readPsidVariables(), { statements: "do", files: "merged" }),
        true,
      );
      const table = join(folder, "panel.csv");
      writeFileSync(table, "person,year,title\n1,2000,Cooks\n");
      const describe = async (path: string, ...rules: string[]) =>
        JSON.parse(
          await run("data", "describe", path, "--json", ...rules.flatMap((rule) => ["--rule", rule])),
        );
      assert.deepEqual((await describe(nlsy)).years, [1979, 2012]);
      const told = await describe(nlsy, "withoutStatus=job", "otherEthnicity=white", "minimumWeeks=2");
      assert.deepEqual(told.years, [1979, 2014]);
      assert.ok(told.ethnicity.some(({ value }: { value: string }) => value === "white"));
      assert.deepEqual((await describe(psid, "years=1989-1997")).years, [1989, 1997]);
      assert.deepEqual((await describe(psid, "years=1990")).years, [1990, 1990]);
      const dropped = await describe(psid, "statuses.unemployed=drop", "weights=no");
      assert.ok(!dropped.specialStates.some(({ value }: { value: string }) => value === "Unemployed"));
      assert.equal((await describe(table, "states=drop")).personYears, 1);
      const wrong: [path: string, rule: string, message: RegExp][] = [
        [nlsy, "withoutStatus=all", /the rule withoutStatus is "all"\. Use drop or job\./],
        [nlsy, "minimumWeeks=many", /the rule minimumWeeks is "many"/],
        [nlsy, "years=1990", /no rule of the NLSY is called "years"\. Use year, status/],
        [psid, "years=90", /the rule years is "90"\. Give a year or two, such as 1989-1997\./],
        [psid, "years=1997-1989", /the rule years is/],
        [
          psid,
          "statuses.unemployed=Cook",
          /statuses\.unemployed is "Cook"\. Give occupation, drop, Unemployed/,
        ],
        [psid, "statuses.asleep=drop", /no rule of the PSID is called "statuses\.asleep"\./],
        [table, "states=maybe", /the rule states is "maybe"\. Use keep or drop\./],
        [table, "drop=all", /no rule of a table is called "drop"\./],
        ["nlsy-young-men", "states=drop", /nlsy-young-men has no rules that can be set/],
        ["synthetic-psid", "years=1990", /synthetic-psid has no rules/],
      ];
      for (const [path, rule, message] of wrong) {
        await assert.rejects(describe(path, rule), { name: "UserError", message });
      }
      await assert.rejects(describe(table, "states"), /Write it as name=value/);
    });
  });

  it("refuses a person or a covariate that there is not", async () => {
    const render = (...args: string[]) => run("data", "render", "nlsy-young-men", ...args);
    await assert.rejects(render("--person", "1"), {
      name: "UserError",
      message: /no person "1".*example 13/,
    });
    await assert.rejects(render("--person", "13", "--omit", "age"), /"age" is none of gender/);
    await assert.rejects(render(), { name: "UserError", message: /--person ID, --longest or --median/ });
    await assert.rejects(render("--person", "13", "--longest"), /cannot be used with option/);
  });
});
