import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { commandLine } from "labor-llm/dist/cli";
import { readNotebook } from "labor-llm/dist/notebook/document";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";
import ts from "typescript";
import { fencedBlocks } from "../support/fenced-blocks";
import { withScratchFolder } from "../support/scratch";
import { documents } from "./documents";

const minutes = 60_000;

/** A command that a text names. */
interface Named {
  command: string;
  where: string;
  /** On a line of its own in a block: something to type, not a name in a sentence. */
  typed: boolean;
}

/** Commands of other programs, and why no test of ours reads them further. */
const others: [RegExp, string][] = [
  [/^pip install jupyterlab$/, "the user's Python; the kernel is tested with Jupyter's own client"],
  [/^jupyter lab /, "as before"],
  [/^LABOR_LLM_PROFILE=standard jupyter lab /, "as before"],
  [/^npx tslab install$/, "named as what does not do"],
];

/** Lines to type that are only parsed here, and why. */
const parsedOnly: [RegExp, string][] = [
  [/^data describe my-download\.zip/, "an Investigator download, of which the repository holds none"],
  [/^reproduce /, "minutes; test/experiments runs it"],
  [/^engine --install/, "downloads; test/engine runs it"],
  [/^kernel /, "writes to the user's Jupyter; test/notebooks/nbclient runs it"],
];

/** What makes a line to type quick: added at its end. */
const smaller: [RegExp, string[]][] = [
  [/^fine-tune /, ["--persons", "6", "--epochs", "1"]],
  [/^evaluate /, ["--test-persons", "2", "--replications", "10"]],
];

const fromDocuments: Named[] = documents().flatMap((path) => {
  const blocks = fencedBlocks(path).filter(({ language }) => language === "" || language === "sh");
  const lines = blocks.flatMap(({ code, line }) =>
    code
      .split("\n")
      .map((text, i) => ({ text: text.replace(/ *#.*/, ""), where: `${path}:${line + i + 1}` })),
  );
  const typed = lines.flatMap(({ text, where }) =>
    text.split(" && ").map((command) => ({ command: command.trim(), where, typed: true })),
  );
  return [...typed, ...inSentences(readFileSync(path, "utf8"), path)];
});

const fromNotebooks: Named[] = readdirSync("notebooks")
  .filter((name) => name.endsWith(".ipynb"))
  .flatMap((name) =>
    readNotebook(join("notebooks", name)).cells.flatMap(({ source }) => inSentences(source, name)),
  );

/** Sources of the library. */
const sources = readdirSync("lib", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !/^(dist|node_modules)/.test(path))
  .map((path) => join("lib", path));

/** Texts of the library's source: its messages, each on one line, with "X" for what is put in. */
const messages: { text: string; path: string }[] = sources.flatMap((path) => {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  const found: { text: string; path: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push({ text: node.text, path });
    if (ts.isTemplateExpression(node)) {
      const text = node.head.text + node.templateSpans.map(({ literal }) => `X${literal.text}`).join("");
      found.push({ text, path });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
});

const fromMessages: Named[] = messages.flatMap(({ text, path }) => inSentences(text, path));

/** Commands in a sentence: in code marks, or from "npx" or "npm run" on to the sentence's end. */
function inSentences(text: string, where: string): Named[] {
  const marked = [...text.matchAll(/`((?:npx |npm |node |labor-llm )[^`\n]+)`/g)].map(([, code]) => code);
  const plain = [
    ...text.replace(/`[^`]*`/g, "").matchAll(/\b((?:npx|npm run|npm install) [^.;,()\n]*[\w@/.-]*)/g),
  ];
  const bare = [...text.matchAll(/\brun (labor-llm [^.;,()`\n]+)/g)].map(([, code]) => code);
  return [...marked, ...plain.map(([, code]) => code), ...bare].map((command) => ({
    command: command.trim(),
    where,
    typed: false,
  }));
}

/** The leaves of the command line, by name. */
function leaves(command: Command, path: string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[path.join(" "), command]];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}

/** What the real parser says against a command line, without running it; undefined where nothing. */
function complaint(args: string[]): string | undefined {
  const program = commandLine();
  let said = "";
  const quiet = (command: Command): void => {
    const writeErr = (text: string) => {
      said += text;
    };
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr });
    command.commands.forEach(quiet);
  };
  quiet(program);
  for (const [, leaf] of leaves(program)) leaf.action(() => {});
  const { LABOR_LLM_ACCEPT_TERMS: terms } = process.env;
  try {
    program.parse(args, { from: "user" });
    return undefined;
  } catch (error) {
    return said.trim() || String(error);
  } finally {
    if (terms === undefined) delete process.env.LABOR_LLM_ACCEPT_TERMS;
    else process.env.LABOR_LLM_ACCEPT_TERMS = terms;
  }
}

/** What is wrong with a named command; undefined where nothing. */
function problem({ command, typed }: Named): string | undefined {
  if (command === "" || others.some(([pattern]) => pattern.test(command))) return undefined;
  const words = command.split(/\s+/);
  const manifest = (path: string) => JSON.parse(readFileSync(path, "utf8"));
  const [program, verb, what] = words;
  if (program === "npm") {
    if (verb === "test" || (verb === "run" && what in manifest("package.json").scripts)) return undefined;
    if (verb === "pack")
      return what === "--workspace" && existsSync(join(words[3], "package.json")) ? undefined : "?";
    if (verb !== "install") return "npm knows no such script";
    const [, name, version] = /^(@?[^@]+)@(.*)$/.exec(words.at(-1)!) ?? [];
    const wanted = manifest("lib/package.json").peerDependencies[name];
    return words.at(-1) === "X@X" || version === wanted ? undefined : `${name} should be ${wanted}`;
  }
  if (program === "node") return existsSync(verb) ? undefined : `there is no ${verb}`;
  const at = program === "npx" ? 1 : 0;
  if (words[at] !== "labor-llm")
    return "a command that no test knows: add it to the list of others, with a reason";
  const args = words.slice(at + 1);
  // A sentence may name a command without what it needs.
  if (!typed && leaves(commandLine()).some(([name]) => name === args.join(" "))) return undefined;
  if (!typed && commandLine().commands.some((group) => group.name() === args.join(" "))) return undefined;
  return complaint(args);
}

describe("commands that the documents, the notebooks and the messages name", () => {
  const problems = (named: readonly Named[]) =>
    named.flatMap((one) => {
      const wrong = problem(one);
      return wrong === undefined ? [] : [`${one.where}: ${one.command}: ${wrong}`];
    });

  it("are commands with options that exist: those of the documents", () => {
    assert.ok(fromDocuments.filter(({ typed }) => typed).length >= 15);
    assert.deepEqual(problems(fromDocuments), []);
  });

  it("are commands with options that exist: those of the notebooks", () => {
    assert.ok(fromNotebooks.length >= 2);
    assert.deepEqual(problems(fromNotebooks), []);
  });

  it("are commands with options that exist: those of the library's messages", () => {
    assert.ok(fromMessages.length >= 10);
    assert.deepEqual(problems(fromMessages), []);
  });

  it("would be told if they were not", () => {
    for (const command of [
      "npx labor-llm fit --survey x",
      "npx labor-llm evaluate --model m --survey s --fast",
      "npx labor-llm fine-tune --survey s",
      "npm run reproduced",
      "npx something",
      "node bench/none.mjs",
    ]) {
      assert.notEqual(problem({ command, where: "", typed: true }), undefined, command);
    }
  });

  it("have every option that a message speaks of", () => {
    const known = new Set(leaves(commandLine()).flatMap(([, leaf]) => leaf.options.map(({ long }) => long)));
    /** Options of programs that the library starts, and variables of a style sheet. */
    const foreign =
      /report-style\.ts$|^lib\/engine\/(python|nvidia|wheels|compile|addons)\.ts$|kernel-command\.ts$/;
    const unknown = messages.flatMap(({ text, path }) => {
      if (foreign.test(path)) return [];
      const npm = text.replace(/npm install --ignore-scripts/g, "");
      const options = [...npm.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option);
      return options.filter((option) => !known.has(option)).map((option) => `${path}: ${option}`);
    });
    assert.deepEqual(unknown, []);
  });

  it("run as the documents write them, one after the other in one folder", function () {
    this.timeout(10 * minutes);
    const cli = resolve("lib/bin/labor-llm.js");
    withScratchFolder((folder) => {
      writePanel(join(folder, "my-panel.csv"));
      const env = { ...process.env, LABOR_LLM_RUNS: join(folder, "runs") };
      const typed = fromDocuments.filter(({ command, typed }) => typed && /^npx labor-llm /.test(command));
      let ran = 0;
      for (const { command, where } of typed) {
        const line = command.replace("npx labor-llm ", "");
        if (parsedOnly.some(([pattern]) => pattern.test(line))) continue;
        const args = line
          .split(/\s+/)
          .map((word) => (word.startsWith("/path/to/") ? resolve("data/base-model") : word));
        const added = smaller.flatMap(([pattern, options]) => (pattern.test(line) ? options : []));
        const done = spawnSync(process.execPath, [cli, ...args, ...added], {
          cwd: folder,
          env,
          encoding: "utf8",
        });
        assert.equal(done.status, 0, `${where}: ${line}: ${done.stderr}`);
        assert.notEqual(done.stdout, "", line);
        ran++;
      }
      assert.ok(ran >= 9, String(ran));
      assert.ok(existsSync(join(folder, "titles.parquet")));
    });
  });
});

/** A panel of a user's own: three of the young men, in the columns that README names. */
function writePanel(path: string): void {
  const { careers } = readSurvey("nlsy-young-men");
  const rows = careers
    .slice(0, 3)
    .flatMap(({ person, observations }) =>
      observations.map(({ year, title }) => `${person},${year},"${title}"`),
    );
  writeFileSync(path, `person,year,title\n${rows.join("\n")}\n`);
}
