import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "labor-llm/dist/errors";
import {
  changeSession,
  childEnvironment,
  currentSession,
  type Session,
  sessionOf,
  sessionVariables,
  variablesOf,
  withSession,
} from "labor-llm/dist/session";
import { runCommand } from "./support/command";
import { repository } from "./support/paths";

const variables = Object.values(sessionVariables);
const full: Session = {
  profile: "standard",
  survey: "nlsy97",
  anew: true,
  figures: resolve("some", "figures"),
  earlierFigures: resolve("earlier"),
  runs: resolve("runs"),
  data: resolve("downloads"),
  unpackGigabytes: 2.5,
  acceptedTerms: ["gemma", "other"],
  engine: "wasm",
  cache: resolve("cache"),
};

/** Files of lib that look at the environment themselves, and what for. */
const exceptions: Readonly<Record<string, string>> = {
  "session.ts": "the door",
  "setup.mjs": "npm says by npm_execpath how it was called",
  "engine/native.ts": "TensorFlow reads TF_* variables itself",
  "engine/start.ts": "TensorFlow reads TF_NUM_* itself, and would take a wrong number as it likes",
  "engine/compile.ts": "CXX names the compiler, for every program that compiles",
  "notebook/jupyter-folders.ts": "Jupyter's own variables, and those of Python's environments",
  "notebook/reproduce/jupyter-kernel.ts": "sets TF_NUM_* for TensorFlow",
};

async function withVariable(name: string, value: string, work: () => Promise<void>): Promise<void> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

describe("The session", () => {
  it("has its defaults in an empty environment, and of empty variables", () => {
    const empty = Object.fromEntries(variables.map(({ name }) => [name, ""]));
    for (const environment of [{}, empty]) {
      assert.deepEqual(sessionOf(environment), {
        ...{
          profile: "quick",
          survey: undefined,
          anew: false,
          figures: undefined,
          earlierFigures: undefined,
        },
        ...{ runs: undefined, data: undefined, unpackGigabytes: undefined, acceptedTerms: [] },
        ...{ engine: undefined, cache: undefined },
      });
    }
  });

  it("is what variables say: paths from the working folder, terms with commas", () => {
    const session = sessionOf({
      ...{ LABOR_LLM_PROFILE: "standard", LABOR_LLM_SURVEY: "nlsy97", LABOR_LLM_ANEW: "1" },
      ...{ LABOR_LLM_FIGURES: "some/figures", LABOR_LLM_FIGURES_BEFORE: "earlier", LABOR_LLM_RUNS: "runs" },
      ...{ LABOR_LLM_DATA: "downloads", LABOR_LLM_UNPACK_GB: "2.5", LABOR_LLM_ENGINE: "wasm" },
      ...{ LABOR_LLM_ACCEPT_TERMS: "gemma, other,", LABOR_LLM_CACHE: "cache" },
    });
    assert.deepEqual(session, full);
    assert.deepEqual(sessionOf(variablesOf(session)), full);
    assert.deepEqual(sessionOf(variablesOf(sessionOf({}))), sessionOf({}));
    assert.equal(sessionOf({ LABOR_LLM_ANEW: "0" }).anew, false);
  });

  it("refuses bad values in one line that names the variable, before any command but for help", async () => {
    const bad: [keyof Session, string, RegExp][] = [
      ["profile", "../quick", /^LABOR_LLM_PROFILE: "\.\.\/quick" is not a profile\. /],
      ["anew", "yes", /^LABOR_LLM_ANEW is "yes"\. Set it to 1, or to 0\.$/],
      [
        "unpackGigabytes",
        "much",
        /^LABOR_LLM_UNPACK_GB is "much"\. Set it to a number of gigabytes above 0\.$/,
      ],
      ["unpackGigabytes", "-1", /^LABOR_LLM_UNPACK_GB is "-1"/],
      ["engine", "tpu", /^LABOR_LLM_ENGINE: "tpu" is not an engine\. Choose one of tensorflow, wasm, cpu\.$/],
    ];
    for (const [field, value, message] of bad) {
      const { name } = sessionVariables[field];
      assert.throws(() => sessionOf({ [name]: value }), { name: UserError.name, message });
      await withVariable(name, value, async () => {
        const { status, out, err } = await runCommand("data", "describe", "nlsy-young-men");
        assert.deepEqual([status, out, err.trim().split("\n").length], [2, "", 1], name);
        assert.match(err.trim(), message);
        assert.equal((await runCommand("data", "--help")).status, 0, name);
      });
    }
  });

  it("follows a variable that is set between two calls, and passes a change on to processes that it starts", () =>
    withVariable("LABOR_LLM_ACCEPT_TERMS", "one", async () => {
      assert.deepEqual(currentSession().acceptedTerms, ["one"]);
      changeSession({ acceptedTerms: ["one", "two"] });
      assert.deepEqual(currentSession().acceptedTerms, ["one", "two"]);
      assert.equal(childEnvironment().LABOR_LLM_ACCEPT_TERMS, "one,two");
    }));

  it("may be another for some work, which its processes run in too; what runs beside it keeps its own", async () => {
    const own = currentSession();
    const seen = await Promise.all(
      (["cpu", "wasm"] as const).map((engine) =>
        withSession({ engine, runs: `/${engine}` }, async () => {
          await new Promise((done) => setImmediate(done));
          const inner = withSession({ profile: "standard", engine: undefined }, () => {
            const { LABOR_LLM_ENGINE, LABOR_LLM_RUNS } = childEnvironment();
            return [currentSession().profile, LABOR_LLM_ENGINE, LABOR_LLM_RUNS];
          });
          const script = "console.log(process.env.LABOR_LLM_ENGINE, process.env.LABOR_LLM_RUNS)";
          const child = spawnSync(process.execPath, ["-e", script], {
            ...{ env: childEnvironment(), encoding: "utf8" },
          });
          return [currentSession().engine, currentSession().runs, inner, child.stdout.trim()];
        }),
      ),
    );
    assert.deepEqual(seen, [
      ["cpu", "/cpu", ["standard", undefined, "/cpu"], "cpu /cpu"],
      ["wasm", "/wasm", ["standard", undefined, "/wasm"], "wasm /wasm"],
    ]);
    assert.deepEqual(currentSession(), own);
  });

  it("is where all code of the package learns of the environment, with reasons for what does not", () => {
    const lib = join(repository, "lib");
    const files = readdirSync(lib, { recursive: true, encoding: "utf8" }).filter(
      (name) => /\.(ts|mjs|js)$/.test(name) && !/^(dist|node_modules)\b/.test(name),
    );
    const look = files.filter((name) =>
      /process\.env\b|process\[|\benv\b[^=]*= process\b/.test(readFileSync(join(lib, name), "utf8")),
    );
    assert.deepEqual(look.sort(), Object.keys(exceptions).sort());
    const named = new Set(
      files.flatMap((name) => readFileSync(join(lib, name), "utf8").match(/LABOR_LLM_\w+/g) ?? []),
    );
    assert.deepEqual([...named].sort(), variables.map(({ name }) => name).sort());
  });

  it("is told in environment.md: each variable with what is done without it", () => {
    const text = readFileSync(join(repository, "environment.md"), "utf8");
    const rows = [...text.matchAll(/^\| `(LABOR_LLM_\w+)` \| .+ \| (.+) \|$/gm)].map(([, ...cells]) => cells);
    assert.deepEqual(
      rows,
      variables.map(({ name, unset, otherwise }) => [name, otherwise ?? `\`${unset}\``]),
    );
    const known = variables.map(({ name }) => name);
    const others = (text.match(/LABOR_LLM_[A-Z_]+/g) ?? []).filter((name) => !known.includes(name));
    assert.deepEqual(others, []);
  });
});
