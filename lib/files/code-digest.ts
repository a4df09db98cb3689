import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, extname, resolve } from "node:path";
import { tokenizer } from "acorn";

const digests = new Map<string, string>();

/**
 * A digest of all code that a module runs: of the module and those that it loads by relative paths, at once or later, however
 * deep, and of the versions of the packages that these name. Comments and formatting do not count, nor does the folder that a
 * module is in.
 */
export function codeDigest(module: string): string {
  let code = digests.get(module);
  if (code === undefined) {
    const modules = codeModules(module);
    const packages = new Set([...modules.values()].flatMap((one) => one.packages));
    const versions = [...packages].sort().map((name) => [name, ownPackage.dependencies[name]]);
    const parts = [...modules.values()].map((one) => one.sha256).sort();
    code = sha256(JSON.stringify([versions, parts]));
    digests.set(module, code);
  }
  return code;
}

const ownPackage = require("../../package.json") as { dependencies: Record<string, string | undefined> };

/** What is known of a module's text. */
interface CodeModule {
  /** Of its name and its tokens. */
  sha256: string;
  /** Files that it loads by relative paths. */
  files: string[];
  /** Names of the packages that it loads. */
  packages: string[];
}

/** A module and the modules that it loads by relative paths, by path. */
export function codeModules(module: string): Map<string, CodeModule> {
  const found = new Map<string, CodeModule>();
  const follow = (file: string) => {
    if (found.has(file)) return;
    const one = readModule(file);
    found.set(file, one);
    one.files.forEach(follow);
  };
  follow(require.resolve(module));
  return found;
}

const modules = new Map<string, CodeModule>();

function readModule(file: string): CodeModule {
  let module = modules.get(file);
  if (module === undefined) {
    const text = readFileSync(file, "utf8");
    module =
      extname(file) === ".js"
        ? parseModule(file, text)
        : { sha256: sha256(basename(file), text), files: [], packages: [] };
    modules.set(file, module);
  }
  return module;
}

function parseModule(file: string, text: string): CodeModule {
  const hash = createHash("sha256").update(basename(file));
  const [files, packages] = [new Set<string>(), new Set<string>()];
  const options = { ecmaVersion: "latest", allowHashBang: true } as const;
  // The last three tokens tell whether a string is what is loaded: require("…"), import("…").
  let [before, last] = ["", ""];
  for (const { type, start, end } of tokenizer(text, options)) {
    const token = text.slice(start, end);
    if (type.label === "string" && last === "(" && (before === "require" || before === "import")) {
      const name = token.slice(1, -1);
      if (name.startsWith(".")) {
        const path = resolve(dirname(file), name);
        // Which other file it is its own digest tells.
        if (basename(path) !== "package.json") files.add(require.resolve(path));
        hash.update("\n./");
      } else {
        if (!isBuiltin(name)) packages.add(packageOf(name));
        hash.update(`\n${name}`);
      }
    } else {
      hash.update(`\n${token}`);
    }
    [before, last] = [last, token];
  }
  return { sha256: hash.digest("hex"), files: [...files], packages: [...packages] };
}

/** The package of `@scope/name/file`, or of `name/file`. */
function packageOf(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

function sha256(...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
