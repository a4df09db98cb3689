import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const taken = /const \{([^}]*)\} = require\("((?:labor-llm|\.\.\/\.\.\/lib\/dist)[^"]*)"\)/g;

describe("The scripts of bench and data", () => {
  for (const folder of ["bench", "data/scripts"]) {
    it(`take from the library what it has: ${folder}`, () => {
      const missing: string[] = [];
      let names = 0;
      for (const file of readdirSync(folder).filter((name) => name.endsWith(".mjs"))) {
        const path = resolve(folder, file);
        const load = createRequire(path);
        const text = readFileSync(path, "utf8");
        for (const [, list, module] of text.matchAll(taken)) {
          const found = load(module) as Record<string, unknown>;
          for (const part of list.split(",").filter((one) => one.trim() !== "")) {
            names++;
            const [name] = part.trim().split(":");
            if (!(name in found)) missing.push(`${file}: ${module} has no ${name}`);
          }
        }
        // Modules that are put together under one name, and what is used of them.
        const paths = [...text.matchAll(/^ {4}"([a-z/-]+)",$/gm)].map(([, one]) => `labor-llm/dist/${one}`);
        const used = [...text.matchAll(/\bL\.(\w+)/g)].map(([, name]) => name);
        const all = Object.assign(
          {},
          ...["labor-llm", ...paths].map((one) => (used.length > 0 ? load(one) : {})),
        );
        for (const name of used) if (!(name in all)) missing.push(`${file}: L has no ${name}`);
      }
      assert.deepEqual(missing, []);
      assert.ok(names > 10);
    });
  }
});
