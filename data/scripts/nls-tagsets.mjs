// node data/scripts/nls-tagsets.mjs: writes data/tagsets from data/variables, one reference number a line, in order.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const data = dirname(dirname(fileURLToPath(import.meta.url)));
mkdirSync(join(data, "tagsets"), { recursive: true });
for (const survey of ["nlsy79", "nlsy97"]) {
  const [, ...rows] = readFileSync(join(data, "variables", `${survey}.csv`), "utf8").trimEnd().split("\n");
  const references = rows.map((row) => row.slice(0, row.indexOf(","))).sort();
  writeFileSync(
    join(data, "tagsets", `${survey}.${survey.toUpperCase()}`),
    references.map((reference) => `${reference}\n`).join(""),
  );
}
