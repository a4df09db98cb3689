// npm run fuzz [-- --cases 500 --seed 1 --reader csv,zip --case 17]: damages files and reads them; one line per failure.
import { parseArgs } from "node:util";
import { fuzz } from "./driver";
import { fuzzedReaders } from "./readers";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "500" },
    seed: { type: "string", default: String(1 + (Date.now() % 1_000_000)) },
    reader: { type: "string", default: Object.keys(fuzzedReaders).join(",") },
    case: { type: "string" },
  },
});

async function main(): Promise<void> {
  const seed = Number(values.seed);
  const [first, count] = values.case === undefined ? [0, Number(values.cases)] : [Number(values.case), 1];
  let failed = 0;
  for (const reader of values.reader.split(",")) {
    const { read, refused, failures } = await fuzz(reader, { seed, first, count });
    console.log(`${reader}: seed ${seed}, ${read} read, ${refused} refused, ${failures.length} failed`);
    for (const failure of failures) {
      const { outcome, words } = failure;
      console.log(`  ${outcome}: npm run fuzz -- --reader ${reader} --seed ${seed} --case ${failure.case}`);
      console.log(
        `    ${words
          .split("\n")
          .slice(0, values.case === undefined ? 3 : 20)
          .join("\n    ")}`,
      );
    }
    failed += failures.length;
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
