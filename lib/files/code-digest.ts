import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { type CodeModule, parseModule } from "./code-module";

const digests = new Map<string, string>();

/**
 * A digest of all code that a module runs: of the module and those whose exports it names, at once or later, however deep, and
 * of the versions of the packages that these load. Comments and formatting do not count, nor does the folder that a module is
 * in, nor through which module that hands on its exports they are reached.
 */
export function codeDigest(module: string): string {
  let code = digests.get(module);
  if (code === undefined) {
    const modules = codeModules(module);
    const packages = new Set([...modules.values()].flatMap((one) => one.packages));
    const versions = [...packages].sort().map((name) => [name, ownPackage.dependencies[name]]);
    const parts = [...modules].map(([file, one]) => hashOf(file, one)).sort();
    code = sha256(JSON.stringify([versions, parts]));
    digests.set(module, code);
  }
  return code;
}

const ownPackage = require("../../package.json") as { dependencies: Record<string, string | undefined> };

/** A module and the modules whose exports it names, by path; a module that only hands on exports of others is none of them. */
export function codeModules(module: string): Map<string, CodeModule> {
  const found = new Map<string, CodeModule>();
  const follow = (file: string) => {
    if (found.has(file)) return;
    const one = readModule(file);
    found.set(file, one);
    for (const { file: loaded, name } of one.uses) {
      if (name === undefined) followAll(loaded);
      else follow(definedIn(loaded, name));
    }
  };
  // Loaded as a whole: whatever it hands on may be used.
  const followAll = (file: string) => {
    if (found.has(file)) return;
    follow(file);
    const { handedOn, stars } = readModule(file);
    for (const [, { file: loaded, name }] of handedOn) follow(definedIn(loaded, name));
    stars.forEach(followAll);
  };
  followAll(require.resolve(module));
  return found;
}

/** The module that an export is written in, which may be another than the one that it is taken from. */
function definedIn(file: string, name: string): string {
  return definition(file, name) ?? file;
}

function definition(file: string, name: string): string | undefined {
  const { exported, handedOn, stars } = readModule(file);
  const from = handedOn.get(name);
  if (from !== undefined) return definedIn(from.file, from.name);
  if (exported.has(name)) return file;
  for (const star of stars) {
    const found = definition(star, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of a module's name and tokens, in which an export of another module is known by that module's name and its own. */
function hashOf(file: string, { tokens }: CodeModule): string {
  const hash = createHash("sha256").update(basename(file));
  for (const token of tokens) {
    if (typeof token === "string") hash.update(`\n${token}`);
    else if (token.name === undefined) hash.update("\n./");
    else hash.update(`\n./${basename(definedIn(token.file, token.name))} ${token.name}`);
  }
  return hash.digest("hex");
}

const modules = new Map<string, CodeModule>();

function readModule(file: string): CodeModule {
  let module = modules.get(file);
  if (module === undefined) {
    const text = readFileSync(file, "utf8");
    const isCode = extname(file) === ".js";
    module = isCode
      ? parseModule(file, text)
      : { tokens: [text], uses: [], packages: [], exported: new Set(), handedOn: new Map(), stars: [] };
    modules.set(file, module);
  }
  return module;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
