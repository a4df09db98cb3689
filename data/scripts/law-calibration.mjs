// Makes data/law/calibration.csv: shares and transition rates of the NLSY97 cohort, for the law of careers.
//   node data/scripts/law-calibration.mjs nlsy97_person_year.csv.gz [data/law/calibration.csv]
// The file holds one main job a person and year (public-use NLSY97, re-shaped by others): id, year, age, gender,
// race, date_* (years of degrees), enroll, census_region, job_full, occ1990dd, weight. data/law/README.md says
// what is computed. No cell of fewer than 20 person-years or 10 persons is written.
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { parse } = require("csv-parse/sync");
const { writeFileAtomically } = require("../../lib/dist/files/atomic.js");
const { occupations } = require("../../lib/dist/occupations");
const { occupationWords } = require("../../lib/dist/surveys/law/occupation-words.js");
const { ageBandOf } = require("../../lib/dist/surveys/law/parameters.js");

const LEAST_PERSON_YEARS = 20;
const LEAST_PERSONS = 10;
const [path, out = new URL("../law/calibration.csv", import.meta.url).pathname] = process.argv.slice(2);
const bytes = readFileSync(path);
const rows = parse(path.endsWith(".gz") ? gunzipSync(bytes) : bytes, { columns: true });

const words = occupationWords();
const indexOf = new Map(occupations.map(({ code }, o) => [code, o]));
const groupOf = occupations.map(({ majorGroup }) => majorGroup);
const neighbourSets = occupations.map(
  (_, o) => new Set(words.neighbours.to.subarray(words.neighbours.from[o], words.neighbours.from[o + 1])),
);
const races = { White: "white", "African American": "black", Hispanic: "hispanic" };
const sexes = { Women: "female", Men: "male" };
const regions = { South: "south", West: "west", "North Central": "north central", Northeast: "northeast" };

/** table -> given -> { n, cells: outcome -> [person-years, persons, last person] } */
const tables = new Map();
function count(table, given, outcome, person) {
  let byGiven = tables.get(table);
  if (byGiven === undefined) tables.set(table, (byGiven = new Map()));
  let entry = byGiven.get(given);
  if (entry === undefined) byGiven.set(given, (entry = { n: 0, cells: new Map() }));
  entry.n++;
  let cell = entry.cells.get(outcome);
  if (cell === undefined) entry.cells.set(outcome, (cell = [0, 0, undefined]));
  cell[0]++;
  if (cell[2] !== person) cell[1]++;
  cell[2] = person;
}

const persons = Map.groupBy
  ? Map.groupBy(rows, ({ id }) => id)
  : rows.reduce((m, r) => m.set(r.id, [...(m.get(r.id) ?? []), r]), new Map());
let used = 0;
let usedPersons = 0;
for (const [person, own] of persons) {
  const sex = sexes[own[0].gender];
  if (sex === undefined) continue;
  const race = races[own[0].race];
  const region = regions[own.find(({ census_region: r }) => regions[r] !== undefined)?.census_region];
  usedPersons++;
  const reached = (...dates) => Math.min(...dates.map((d) => (d === "" || !(Number(d) > 0) ? Infinity : Number(d))));
  const first = own[0];
  const dates = [
    reached(first.date_HS),
    Math.min(
      reached(first.date_AA),
      ...own.filter(({ enroll }) => enroll === "Enrolled").map(({ year }) => Number(year)),
    ),
    reached(first.date_BA),
    reached(first.date_MA, first.date_PHD, first.date_PROF),
  ];
  let before; // the person-year before, if in the calendar year before
  let tenure = 0;
  let lastOccupation;
  for (const row of own) {
    const year = Number(row.year);
    const age = Number(row.age);
    if (year > 2021) continue; // the last year of the file is incomplete
    let education = 0;
    dates.forEach((date, level) => {
      if (date <= year) education = level + 1;
    });
    const working = row.job_full !== "Not employed";
    let state;
    if (working) state = row.occ1990dd === "" ? undefined : indexOf.get(Number(row.occ1990dd));
    else if (row.weight === "0" || row.weight === "") state = undefined; // not interviewed: no word of a job
    else if (row.enroll === "Enrolled" || (age <= 18 && dates[0] > year)) state = "in education";
    else state = "not employed";
    if (state === undefined) {
      before = undefined;
      lastOccupation = undefined;
      continue;
    }
    used++;
    const kind = typeof state === "number" ? "job" : state;
    const band = ageBandOf(age);
    count("kind by age and sex", `${band}|${sex}`, kind, person);
    if (age >= 18) {
      count("kind by education", education, kind, person);
      if (race) count("kind by ethnicity", race, kind, person);
    }
    count("education by age and sex", `${band}|${sex}`, education, person);
    if (race && age >= 27) count("education by ethnicity, age 27 on", race, education, person);
    if (kind === "job") {
      const code = occupations[state].code;
      const group = groupOf[state];
      count("title by sex", sex, code, person);
      count("schooling of the job by education", education, words.schooling[state], person);
      count("group by age", age < 20 ? 0 : age < 27 ? 1 : 2, group, person);
      if (race) count("group by ethnicity", race, group, person);
      if (region) count("group by region", region, group, person);
      if (race && region) count("group by ethnicity and region", `${race}|${region}`, group, person);
      count("group by sex and education", `${sex}|${education}`, group, person);
    }
    if (before !== undefined) {
      count("next kind by kind, age and sex", `${before.kind}|${band}|${sex}`, kind, person);
      count("rise of education", `${before.education}|${before.kind === "in education" ? 1 : 0}|${band}`,
        education > before.education ? 1 : 0, person);
      if (before.kind === "job") {
        if (age >= 18) {
          count("leaves work, by education", before.education, kind === "job" ? 0 : 1, person);
          if (race) count("leaves work, by ethnicity", race, kind === "job" ? 0 : 1, person);
          count("leaves work, by tenure", Math.min(tenure, 5), kind === "job" ? 0 : 1, person);
        }
        if (kind === "job") {
          const stays = state === before.state ? 1 : 0;
          const from = groupOf[before.state];
          count("stays, by tenure", Math.min(tenure, 5), stays, person);
          count("stays, by age and sex", `${band}|${sex}`, stays, person);
          count("stays, by education", education, stays, person);
          count("stays, by group", from, stays, person);
          if (!stays) {
            count("group after a move", from, groupOf[state], person);
            count("moves to a neighbour in words", "all", neighbourSets[before.state].has(state) ? 1 : 0, person);
          }
        }
      } else if (kind === "job" && lastOccupation !== undefined) {
        count("returns to the last occupation", before.kind, state === lastOccupation ? 1 : 0, person);
      }
    }
    tenure = before?.state === state ? tenure + 1 : 1;
    if (kind === "job") lastOccupation = state;
    before = { state, kind, education };
  }
}

const lines = ["table,given,outcome,share,person_years"];
const quoted = (text) => (/[",]/.test(String(text)) ? `"${text}"` : text);
let suppressed = 0;
for (const [table, byGiven] of tables) {
  for (const [given, { n, cells }] of [...byGiven].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))) {
    const sorted = [...cells].sort(([a], [b]) => a - b || (String(a) < String(b) ? -1 : 1));
    for (const [outcome, [years, people]] of sorted) {
      if (years < LEAST_PERSON_YEARS || people < LEAST_PERSONS) {
        suppressed++;
        continue;
      }
      lines.push([table, given, outcome, (years / n).toFixed(4), 10 * Math.round(n / 10)].map(quoted).join(","));
    }
  }
}
writeFileAtomically(out, `${lines.join("\n")}\n`);
console.log(`${rows.length} rows read, ${used} person-years of ${usedPersons} persons used; ${lines.length - 1} cells written, ${suppressed} suppressed`);
