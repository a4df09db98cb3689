// node data/scripts/nls-synthetic.mjs FOLDER [PERSONS] [SEED]: writes SYNTHETIC downloads of the NLSY79 and NLSY97 as
// NLS Investigator would hand them out, with all variables of our tagsets. Run `npm run build` before.
import { join, resolve } from "node:path";
import { createRequire } from "node:module";

const [folder, persons = "300", seed = "1"] = process.argv.slice(2);
if (folder === undefined) throw new Error("give the folder to write to");
const require = createRequire(import.meta.url);
const { syntheticDownload } = require("labor-llm/dist/surveys/nls/synthetic-download");
const { writeDownloadZip } = require("labor-llm/dist/surveys/nls/synthetic-files");
for (const survey of ["nlsy79", "nlsy97"]) {
  const download = syntheticDownload(survey, { persons: Number(persons), seed: Number(seed) });
  writeDownloadZip(join(resolve(folder), `SYNTHETIC_${survey}.zip`), download);
}
