// Reading a merged PSID extract of random codes (nothing of it comes from the PSID): prints one JSON object.
//   node bench/psid.mjs [INDIVIDUALS] [VARIABLES] [do|csv|zip]      default: 80000 1500 do
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Zip, ZipDeflate } from "fflate";

const require = createRequire(import.meta.url);
const { concepts, readPsidVariables } = require("labor-llm/dist/surveys/psid/variables");
const { readPsid } = require("labor-llm/dist/surveys/psid");
const { Random } = require("labor-llm/dist/random");

const individuals = Number(process.argv[2] ?? 80_000);
const variableCount = Number(process.argv[3] ?? 1_500);
const form = process.argv[4] ?? "do";
const random = new Random("bench PSID", 1);
const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));
try {
  const fields = layout();
  const path = write(fields);
  const bytes = statSync(path === folder ? join(folder, form === "csv" ? "J1.csv" : "J1.txt") : path).size;
  const start = performance.now();
  const panel = readPsid(path);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    JSON.stringify({
      form,
      individuals,
      variables: fields.length,
      megabytes: bytes / 1e6,
      personWaves: panel.rows.read,
      personYears: panel.rows.used,
      seconds,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The reader's own variables, each with cells to draw from, then others to fill up. */
function layout() {
  const known = readPsidVariables();
  const fields = new Map();
  for (const year of [0, ...known.waves]) {
    for (const concept of concepts) {
      const variable = known.of(concept, year);
      if (variable === undefined || fields.has(variable)) continue;
      fields.set(variable, { variable, width: 5, cells: cellsOf(concept, year) });
    }
  }
  for (let i = 0; fields.size < variableCount; i++) {
    fields.set(`F${i}`, { variable: `F${i}`, width: 5, cells: pad([0, 1, 12, 123, 12345], 5) });
  }
  return [...fields.values()].slice(0, Math.max(variableCount, 850));
}

function cellsOf(concept, year) {
  if (concept === "interview_1968" || concept === "person_number") return undefined;
  if (concept === "sequence") return pad([0, 0, 1, 2, 3, 71], 5);
  if (concept === "relation") return pad(year < 1983 ? [0, 0, 1, 2, 3] : [0, 0, 10, 20, 30], 5);
  if (concept === "birth_year") return pad([1930, 1940, 1950], 5);
  if (concept === "weight") return pad(["1.234", "12.34", 0], 5);
  if (concept.includes("occupation_2010")) return pad([0, 800, 2310, 4760], 5);
  if (concept.includes("occupation")) return pad([0, 1, 80, 150], 5);
  return pad([1, 2, 3, 4, 12], 5);
}

function pad(values, width) {
  return values.map((value) => String(value).padStart(width));
}

function write(fields) {
  const separator = form === "csv" ? "," : "";
  const statements = fields.map(({ variable }, i) => `${variable} ${5 * i + 1} - ${5 * i + 5}`);
  const data = join(folder, form === "csv" ? "J1.csv" : form === "zip" ? "J1.zip" : "J1.txt");
  const file = openSync(data, "w");
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    writeSync(file, chunk);
  });
  const add = (name) => {
    const entry = new ZipDeflate(name, { level: 1 });
    zip.add(entry);
    return entry;
  };
  const infix = `#delimit ;\ninfix\n${statements.join("\n")}\nusing J1.txt, clear ;\n`;
  if (form === "do") writeFileSync(join(folder, "J1.do"), infix);
  if (form === "zip") add("J1.do").push(Buffer.from(infix), true);
  const text = form === "zip" ? add("J1.txt") : { push: (bytes) => writeSync(file, bytes) };
  if (form === "csv") text.push(Buffer.from(`${fields.map(({ variable }) => variable).join(",")}\r\n`));
  for (let from = 0; from < individuals; from += 1000) {
    const records = [];
    for (let i = from; i < Math.min(individuals, from + 1000); i++) {
      const ids = pad([1 + Math.floor(i / 100), 1 + (i % 100)], 5);
      // One draw a record, walked through by a stride: drawing every cell would take longer than the reading.
      let draw = random.integer(1 << 20);
      const cells = fields.map(({ cells }) => {
        if (cells === undefined) return ids.shift();
        draw = (draw * 1103515245 + 12345) % 2147483648;
        return cells[(draw >> 8) % cells.length];
      });
      records.push(form === "csv" ? cells.map((cell) => cell.trim()).join(separator) : cells.join(separator));
    }
    text.push(Buffer.from(`${records.join("\r\n")}\r\n`), false);
  }
  if (form === "zip") {
    text.push(new Uint8Array(0), true);
    zip.end();
  }
  closeSync(file);
  return form === "do" ? folder : data;
}
