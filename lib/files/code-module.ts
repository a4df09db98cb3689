import { isBuiltin } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { tokenizer } from "acorn";

/** An export of another module, or, without a name, all of the module. */
export interface CodeUse {
  file: string;
  name?: string;
}

/** What is known of a CommonJS module's text. */
export interface CodeModule {
  /** Its tokens in order, without those that load modules or hand on exports; what is used of other modules in its place. */
  tokens: readonly (string | CodeUse)[];
  /** What it uses of modules that it loads by relative paths. */
  uses: readonly CodeUse[];
  /** Names of the packages that it loads. */
  packages: readonly string[];
  /** Names that it exports of its own. */
  exported: ReadonlySet<string>;
  /** Names that it exports of other modules, and which they are there. */
  handedOn: ReadonlyMap<string, Required<CodeUse>>;
  /** Modules of which it hands on all exports. */
  stars: readonly string[];
}

/**
 * Reads a module as TypeScript writes it: `const x_1 = require("./x")` and `x_1.name` where it is used,
 * `Object.defineProperty(exports, "name", … x_1.name …)` and `__exportStar(require("./x"), exports)` where it is handed on.
 */
export function parseModule(file: string, text: string): CodeModule {
  const [found, starts] = tokensOf(text);
  const [tokens, uses, packages] = [[] as (string | CodeUse)[], [] as CodeUse[], new Set<string>()];
  const [exported, handedOn, stars] = [
    new Set<string>(),
    new Map<string, Required<CodeUse>>(),
    [] as string[],
  ];
  const names = new Map<string, string>(); // a variable that holds a module, and the module's file
  const at = (i: number, ...pattern: (string | undefined)[]) =>
    pattern.every((token, k) => token === undefined || found[i + k] === token);
  const loaded = (i: number) => (starts[i] === "string" ? relative(file, found[i].slice(1, -1)) : undefined);
  const use = (one: CodeUse) => {
    tokens.push(one);
    uses.push(one);
  };

  for (let i = 0; i < found.length; i++) {
    const token = found[i];
    if ((token === "const" || token === "var") && at(i + 2, "=", "require", "(") && at(i + 6, ")", ";")) {
      const from = loaded(i + 5);
      if (from !== undefined) {
        names.set(found[i + 1], from);
        i += 7;
        continue;
      }
    }
    if (at(i, "__exportStar", "(", "require", "(", undefined, ")", ",", "exports", ")", ";")) {
      const from = loaded(i + 4);
      if (from !== undefined) {
        stars.push(from);
        i += 9;
        continue;
      }
    }
    if (at(i, "Object", ".", "defineProperty", "(", "exports", ",") && at(i + 7, ...HANDS_ON)) {
      const from = names.get(found[i + 7 + HANDS_ON.length]);
      if (from !== undefined) {
        const name = found[i + 7 + HANDS_ON.length + 2];
        handedOn.set(found[i + 6].slice(1, -1), { file: from, name });
        i += 7 + HANDS_ON.length + 7;
        continue;
      }
    }
    if ((token === "require" || token === "import") && at(i + 1, "(") && starts[i + 2] === "string") {
      const name = found[i + 2].slice(1, -1);
      const from = loaded(i + 2);
      // Which other file a package.json is its own digest tells.
      if (from !== undefined && basename(from) !== "package.json") use({ file: from });
      else tokens.push(from === undefined ? name : "./");
      if (from === undefined && !isBuiltin(name)) packages.add(packageOf(name));
      i += 2;
      continue;
    }
    const held = starts[i] === "name" && found[i - 1] !== "." ? names.get(token) : undefined;
    if (held !== undefined) {
      if (at(i + 1, ".") && starts[i + 2] === "name") {
        use({ file: held, name: found[i + 2] });
        i += 2;
      } else {
        use({ file: held });
      }
      continue;
    }
    if (at(i, "exports", ".") && at(i + 3, "=")) exported.add(found[i + 2]);
    tokens.push(token);
  }
  return { tokens, uses, packages: [...packages], exported, handedOn, stars };
}

/** What follows the name in a property that hands on another module's export, up to the variable that holds the module. */
const HANDS_ON = [
  ...[",", "{", "enumerable", ":", "true", ",", "get", ":"],
  ...["function", "(", ")", "{", "return"],
];

/** The tokens of a text and their types, comments left out. */
function tokensOf(text: string): [tokens: string[], types: string[]] {
  const [tokens, types]: [string[], string[]] = [[], []];
  for (const { type, start, end } of tokenizer(text, { ecmaVersion: "latest", allowHashBang: true })) {
    tokens.push(text.slice(start, end));
    types.push(type.label);
  }
  return [tokens, types];
}

/** The file of a relative path in a module; undefined of a package. */
function relative(file: string, name: string): string | undefined {
  if (!name.startsWith(".")) return undefined;
  const path = resolve(dirname(file), name);
  return basename(path) === "package.json" ? path : require.resolve(path);
}

/** The package of `@scope/name/file`, or of `name/file`. */
function packageOf(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}
