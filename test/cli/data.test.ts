import { strict as assert } from "node:assert";
import { Command } from "commander";
import { describePanel } from "labor-llm/dist/careers/describe";
import { registerDataCommands } from "labor-llm/dist/cli/data";
import { titlesAsTokens } from "labor-llm/dist/experiments/titles-as-tokens";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { renderCareer } from "labor-llm/dist/text/template";
import { numericTitles } from "labor-llm/dist/text/titles";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";

/** What a command prints on standard output. */
function run(...args: string[]): string {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  registerDataCommands(program);
  const write = process.stdout.write;
  let printed = "";
  process.stdout.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
  try {
    program.parse(args, { from: "user" });
  } finally {
    process.stdout.write = write;
  }
  return printed;
}

describe("labor-llm data", () => {
  const panel = readNlsyYoungMen();
  const career = panel.careers.find(({ person }) => person === "17")!;

  it("describes a survey, as JSON alone where asked", () => {
    const { titlePieces, ...description } = JSON.parse(run("data", "describe", "nlsy-young-men", "--json"));
    assert.deepEqual(description, JSON.parse(JSON.stringify(describePanel(panel))));
    assert.equal(description.rows.read, 4360);
    const { rows, ...pieces } = titlesAsTokens(panel.titles, Tokenizer.fromFolder(dataFile("base-model")));
    assert.deepEqual(titlePieces, pieces);
    assert.equal(pieces.most, Math.max(...rows.map(({ tokens }) => tokens)));
    const table = run("data", "describe", "nlsy-young-men");
    assert.match(table, /^persons +545$/m);
    assert.match(table, /^transitions +first 12\.5 %, move 37\.0 %, stay 50\.5 %$/m);
  });

  it("renders a person as the model reads him", () => {
    const render = ["data", "render", "nlsy-young-men", "--person", "17"];
    assert.equal(run(...render), renderCareer(career, { surveyTag: "NLSY79" }));
    assert.equal(
      run(...render, "--titles", "numeric", "--omit", "region,birthYear"),
      renderCareer(career, {
        surveyTag: "NLSY79",
        wording: numericTitles(panel.titles),
        omit: ["region", "birthYear"],
      }),
    );
  });

  it("renders the longest career and one of the median length", () => {
    // All have eight years: the first person is both.
    const first = renderCareer(panel.careers[0], { surveyTag: "NLSY79" });
    assert.equal(run("data", "render", "nlsy-young-men", "--longest"), first);
    assert.equal(run("data", "render", "nlsy-young-men", "--median"), first);
  });

  it("refuses a person or a covariate that there is not", () => {
    const render = (...args: string[]) => run("data", "render", "nlsy-young-men", ...args);
    assert.throws(() => render("--person", "1"), { name: "UserError", message: /no person "1".*example 13/ });
    assert.throws(() => render("--person", "13", "--omit", "age"), /"age" is none of gender/);
    assert.throws(() => render(), { name: "UserError", message: /--person ID, --longest or --median/ });
    assert.throws(() => render("--person", "13", "--longest"), /cannot be used with option/);
  });
});
