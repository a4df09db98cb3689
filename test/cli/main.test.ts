import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import type { Command } from "commander";
import { commandLine, main } from "labor-llm/dist/cli";
import { UserError } from "labor-llm/dist/errors";
import { repository, repositoryFile } from "../support/paths";
import { patience } from "../support/slowness";

const cli = repositoryFile("lib/bin/labor-llm.js");

describe("the command line", () => {
  /** Runs one command that fails; returns the exit status and what went to standard error. */
  async function failing(error: unknown): Promise<[status: number, text: string]> {
    const write = process.stderr.write;
    let text = "";
    process.stderr.write = ((token: string) => {
      text += token;
      return true;
    }) as typeof write;
    try {
      const added = [
        (program: Command) => {
          program.command("fail").action(() => Promise.reject(error));
        },
      ];
      return [await main(["fail"], added), text];
    } finally {
      process.stderr.write = write;
    }
  }

  it("ends with 2 and one line for a user's mistake, with 1 and the stack for a bug", async () => {
    const mistake = new UserError(
      "careers.csv:3: year 19x7 is not a number",
      "Fix the row.\nOr leave it out.",
    );
    assert.deepEqual(await failing(mistake), [
      2,
      "careers.csv:3: year 19x7 is not a number. Fix the row. Or leave it out.\n",
    ]);
    const [status, text] = await failing(new TypeError("x is undefined"));
    assert.equal(status, 1);
    assert.match(text, /TypeError: x is undefined\n\s+at .*main\.test/);
  });

  it("shows in its help no default that is empty or a folder of this machine", () => {
    const withAllBelow = (command: Command): Command[] => [
      command,
      ...command.commands.flatMap(withAllBelow),
    ];
    const helps = withAllBelow(commandLine()).map((command) => command.helpInformation());
    assert.ok(helps.length > 10);
    for (const help of helps) {
      assert.doesNotMatch(help, /default: (\{\}|\[\])/);
      assert.ok(!help.replace(/\s+/g, "").includes(repository), help);
    }
  });

  it("answers an unknown command, option or engine with status 2", () => {
    const cases: [string[], NodeJS.ProcessEnv, RegExp][] = [
      [["engin"], {}, /unknown command 'engin'/],
      [["engine", "--instal"], {}, /unknown option '--instal'/],
      [
        ["engine"],
        { LABOR_LLM_ENGINE: "tpu" },
        /^LABOR_LLM_ENGINE: "tpu" is not an engine.*tensorflow, wasm, cpu/,
      ],
    ];
    for (const [args, env, says] of cases) {
      const ran = spawnSync(process.execPath, [cli, ...args], {
        encoding: "utf8",
        env: { ...process.env, ...env },
      });
      assert.equal(ran.status, 2);
      assert.equal(ran.stdout, "");
      assert.match(ran.stderr, says);
    }
  });

  it("prints one JSON object and nothing else with --json, within seconds", () => {
    const started = Date.now();
    const ran = spawnSync(process.execPath, [cli, "engine", "--json"], { encoding: "utf8" });
    assert.ok(Date.now() - started < patience(4000));
    assert.equal(ran.stderr, "");
    const { engine, version, device, threads } = JSON.parse(ran.stdout);
    assert.ok(["tensorflow", "wasm", "cpu"].includes(engine) && threads >= 1);
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.equal(typeof device, "string");
  });
});
