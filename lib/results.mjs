// Makes the tables of README.md and RESULTS.md anew from the files in figures (npm run results).
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { fillTables } = createRequire(import.meta.url)("./dist/results/results-page.js");
for (const name of ["README.md", "RESULTS.md"]) {
  const before = readFileSync(join(root, name), "utf8");
  const after = fillTables(before, join(root, "figures"));
  if (after !== before) writeFileSync(join(root, name), after);
  console.log(`${name}: ${after === before ? "as it was" : "made anew"}`);
}
