import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";

/** The rows of the table of folders in ARCHITECTURE.md, bottom up: a folder and those that it imports. */
function documented(): Map<string, string[]> {
  const text = readFileSync("ARCHITECTURE.md", "utf8");
  const rows = [...text.matchAll(/^\| `(\w+)\/` \|.*\|(.*)\|$/gm)];
  return new Map(rows.map(([, folder, imports]) => [folder, imports.match(/\w+/g) ?? []]));
}

/** What the sources of the library import of other folders: [file, folder of the file, folder that is imported]. */
function imports(): [file: string, from: string, to: string][] {
  const files = readdirSync("lib", { recursive: true, encoding: "utf8" })
    .filter((file) => /(?<!\.d)\.ts$/.test(file) && !/^(dist|node_modules)\b/.test(file))
    .map((file) => join("lib", file));
  assert.ok(files.length > 300);
  return files.flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
    const paths = importedFiles.map(({ fileName }) => fileName).filter((path) => path.startsWith("."));
    return paths.map((path): [string, string, string] => {
      const from = folderOf(file);
      return [file, from, folderOf(join(dirname(file), path, "x"), from)];
    });
  });
}

/** The folder of `lib` that a path is in; of a path right in `lib`, which any folder may import, the folder that imports it. */
function folderOf(path: string, importing = ""): string {
  const [first, ...rest] = relative("lib", path).split(sep);
  return rest.length === 0 || first.startsWith(".") || FILES.has(first.replace(/\.js$/, ""))
    ? importing
    : first;
}

const FILES = new Set(
  readdirSync("lib", { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name.replace(/\.ts$/, "")),
);

describe("The folders of the library", () => {
  it("import each other as ARCHITECTURE.md says", () => {
    const found = new Map<string, Set<string>>();
    for (const [, from, to] of imports()) {
      if (from === "") continue;
      const others = found.get(from) ?? new Set();
      if (to !== from) others.add(to);
      found.set(from, others);
    }
    const actual = [...found].map(([folder, others]) => [folder, [...others].sort()]).sort();
    assert.deepEqual(
      actual,
      [...documented()].map(([folder, others]) => [folder, [...others].sort()]).sort(),
    );
  });

  it("import folders below them alone, so that there is no cycle", () => {
    const order = [...documented().keys()];
    assert.ok(order.length > 10);
    const upwards = imports().filter(
      ([, from, to]) => from !== "" && to !== from && order.indexOf(to) > order.indexOf(from),
    );
    assert.deepEqual(upwards, []);
  });
});
