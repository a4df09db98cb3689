// Makes data/law/parameters.json: the law's coefficients, fitted by simulated moments to data/law/calibration.csv.
//   node data/scripts/law-fit.mjs [ITERATIONS [PERSONS]]
// Each round simulates a cohort like NLSY97's, tabulates it as the calibration tabulates the real one, and moves each
// coefficient by a part of the logarithm by which its own table is off. What NLSY97 cannot tell is set by hand
// in law-assumptions.mjs.
import { createRequire } from "node:module";

import {
  ageBeyond,
  cycle,
  findsWork,
  mobilityLeave,
  mobilityStay,
  SCHOOLED_ONLY,
  seeking,
  settled,
  trend,
  VOCATION,
  WORDS,
} from "./law-assumptions.mjs";
import { target, total } from "./law-targets.mjs";

const require = createRequire(import.meta.url);
const { dataFile } = require("../../lib/dist/files/data-folder.js");
const { writeFileAtomically } = require("../../lib/dist/files/atomic.js");
const { CareerLaw } = require("../../lib/dist/surveys/law/career-law.js");
const { lawStructure } = require("../../lib/dist/surveys/law/structure.js");
const { ageBands, lawEthnicities, lawRegions } = require("../../lib/dist/surveys/law/parameters.js");
const { simulateCohort, tabulate } = require("../../lib/dist/surveys/law/tabulate.js");
const { occupations } = require("../../lib/dist/occupations");

const [rounds = 60, persons = 16000] = process.argv.slice(2).map(Number);
const structure = lawStructure();
const { groups } = structure;
const G = groups.length;
const B = ageBands.length;
const LAST = 7; // the oldest age band that the cohort has reached
const sexes = ["female", "male"];
const kinds = ["job", "not employed", "in education"];
const zeros = (...shape) =>
  shape.length === 0 ? 0 : Array.from({ length: shape[0] }, () => zeros(...shape.slice(1)));
const byGroup = (values) => groups.map((group) => values[group] ?? 0);
const logit = (p) => Math.log(p / (1 - p));

const coefficients = {
  type: { mobility: settled, vocation: structure.vocations.map(() => 1 / structure.vocations.length) },
  attraction: {
    title: [],
    gap: [],
    schooling: zeros(6, 5),
    age: zeros(3, G),
    ethnicity: zeros(3, G),
    region: zeros(4, G),
    ethnicityRegion: zeros(12, G),
    genderEducation: zeros(10, G),
    trend: byGroup(trend),
    cycle: byGroup(cycle),
    vocation: VOCATION,
  },
  moves: { flow: zeros(G, G), words: WORDS, recall: [] },
  kind: {
    next: zeros(4, B, 2, 4),
    education: zeros(5),
    ethnicity: zeros(3),
    tenure: zeros(5),
    mobility: mobilityLeave,
    cycle: 0.1,
    cohort: 0.12,
  },
  stay: {
    tenure: zeros(5),
    age: zeros(B, 2),
    education: zeros(5),
    group: zeros(G),
    mobility: mobilityStay,
    cycle: 0.03,
  },
  first: { kind: zeros(B, 2, 4), tenure: [0.35, 0.2, 0.13, 0.1, 0.22] },
  rise: { level: zeros(4, 2, B), gender: zeros(2), ethnicity: zeros(3), cohort: [0.2, 0.1] },
};

// ---- Start from the tables themselves
const c = coefficients;
for (const { code } of occupations) {
  const share = (sex) => target("title by sex", sex, code) ?? 6 / total("title by sex", sex);
  c.attraction.title.push(0.5 * (Math.log(share("female")) + Math.log(share("male"))));
  c.attraction.gap.push(Math.log(share("female")) - Math.log(share("male")));
}
const recall = target("returns to the last occupation", "not employed", 1);
c.moves.recall = [recall, recall, target("returns to the last occupation", "in education", 1)];
const split = (row, u) => [row[0], row[1] * u, row[1] * (1 - u), row[2]];
for (let b = 0; b < B; b++) {
  const band = Math.min(b, LAST);
  sexes.forEach((sex, g) => {
    const row = (table, given) => kinds.map((kind) => target(table, given, kind) ?? 0.002);
    const u = seeking[sex][band];
    c.first.kind[b][g] = split(row("kind by age and sex", `${band}|${sex}`), u);
    const next = (kind) => {
      const key = (at) => `${kind}|${at}|${sex}`;
      const at = [band, band - 1, band + 1, 2].find((own) => total("next kind by kind, age and sex", key(own)) >= 60);
      return row("next kind by kind, age and sex", key(at));
    };
    c.kind.next[0][b][g] = split(next("job"), u);
    c.kind.next[3][b][g] = split(next("in education"), u);
    const idle = next("not employed");
    [0, 1].forEach((looks) => {
      const job = Math.min(0.9, idle[0] * findsWork[looks]);
      const rest = Math.max(0.02, 1 - job - idle[2]);
      const stays = looks === 0 ? 0.55 : 0.85;
      c.kind.next[1 + looks][b][g] = [job, rest * (looks === 0 ? stays : 1 - stays), rest * (looks === 0 ? 1 - stays : stays), idle[2]];
    });
  });
  for (let e = 0; e < 4; e++) {
    for (const school of [0, 1]) {
      const at = [band, band - 1, band + 1].find((own) => target("rise of education", `${e}|${school}|${own}`, 1) !== undefined);
      const p = at === undefined ? (total("rise of education", `${e}|${school}|${band}`) > 0 ? 0.002 : 0.01) : target("rise of education", `${e}|${school}|${at}`, 1);
      c.rise.level[e][school][b] = logit(Math.min(0.9, Math.max(0.0005, p)));
    }
  }
}
for (let b = 0; b < B; b++) for (let g = 0; g < 2; g++) c.stay.age[b][g] = logit(0.68);

const simulate = () => {
  const law = new CareerLaw(structure, coefficients);
  return tabulate(law, simulateCohort(law, persons, "fit"));
};

const shareOf = (simulated, table, given, outcome) => {
  const entry = simulated.get(table)?.get(String(given));
  return { n: entry?.n ?? 0, share: entry === undefined ? 0 : (entry.cells.get(String(outcome)) ?? 0) / entry.n };
};

for (let round = 0; round < rounds; round++) {
  const simulated = simulate();
  const step = round < rounds / 2 ? 0.6 : round < (3 * rounds) / 4 ? 0.3 : 0.12;
  // Seven margins move the same shares: each takes a small step, or together they overshoot.
  const attractionStep = step / 4;
  let worst = 0;
  /** Logarithm by which a share of the simulation is too small, drawn to 0 where there is little to go by. */
  const off = (table, given, outcome, prior = 10, step = attractionStep) => {
    // A cell too small to be published is taken to hold half of what would be.
    const wanted = target(table, given, outcome) ?? 10 / Math.max(20, total(table, given));
    const { n, share } = shareOf(simulated, table, given, outcome);
    if (n === 0) return 0;
    return step * Math.log((wanted * n + prior) / (share * n + prior));
  };
  const offLogit = (table, given) => {
    const wanted = target(table, given, 1);
    if (wanted === undefined) return 0;
    const { n, share } = shareOf(simulated, table, given, 1);
    const pull = (p) => Math.log((p * n + 5) / ((1 - p) * n + 5));
    const distance = n === 0 ? 0 : pull(wanted) - pull(share);
    if (n > 2000) worst = Math.max(worst, Math.abs(wanted - share));
    return step * distance;
  };
  occupations.forEach(({ code }, y) => {
    const [f, m] = sexes.map((sex) => off("title by sex", sex, code));
    c.attraction.title[y] += 0.5 * (f + m);
    c.attraction.gap[y] += f - m;
  });
  for (let level = 1; level <= 6; level++) {
    for (let e = 0; e < 5; e++) {
      const cell = c.attraction.schooling[level - 1];
      cell[e] += off("schooling of the job by education", e, level);
      if (level === 6 && e < 3) cell[e] = SCHOOLED_ONLY;
    }
  }
  groups.forEach((group, k) => {
    for (let a = 0; a < 3; a++) c.attraction.age[a][k] += off("group by age", a, group);
    lawEthnicities.forEach((ethnicity, h) => {
      c.attraction.ethnicity[h][k] += off("group by ethnicity", ethnicity, group, 30);
      lawRegions.forEach((region, r) => {
        if (h === 0) c.attraction.region[r][k] += off("group by region", region, group, 30);
        c.attraction.ethnicityRegion[4 * h + r][k] += off("group by ethnicity and region", `${ethnicity}|${region}`, group, 60);
      });
    });
    sexes.forEach((sex, g) => {
      for (let e = 0; e < 5; e++) c.attraction.genderEducation[5 * g + e][k] += off("group by sex and education", `${sex}|${e}`, group, 60);
    });
    groups.forEach((to, h) => {
      c.moves.flow[k][h] += off("group after a move", group, to, 15);
    });
    c.stay.group[k] += offLogit("stays, by group", group);
  });
  {
    const wanted = target("moves to a neighbour in words", "all", 1);
    const { share } = shareOf(simulated, "moves to a neighbour in words", "all", 1);
    console.log(`moves to a neighbour in words: ${share.toFixed(3)}; of the real cohort ${wanted}`);
  }
  for (let tenure = 1; tenure <= 5; tenure++) {
    c.stay.tenure[tenure - 1] += offLogit("stays, by tenure", tenure);
    c.kind.tenure[tenure - 1] += offLogit("leaves work, by tenure", tenure);
  }
  for (let e = 0; e < 5; e++) {
    c.stay.education[e] += offLogit("stays, by education", e);
    c.kind.education[e] += offLogit("leaves work, by education", e);
  }
  lawEthnicities.forEach((ethnicity, h) => {
    c.kind.ethnicity[h] += offLogit("leaves work, by ethnicity", ethnicity);
  });
  for (let b = 0; b < B; b++) {
    const band = Math.min(b, LAST);
    sexes.forEach((sex, g) => {
      // The cohort is first seen at 13 to 17.
      if (b < 2) {
        kinds.forEach((to, j) => {
          const factor = Math.exp(off("kind by age and sex", `${b}|${sex}`, to, 10, step));
          for (const t of [[0], [1, 2], [3]][j]) c.first.kind[b][g][t] *= factor;
        });
      }
      c.stay.age[b][g] += offLogit("stays, by age and sex", `${band}|${sex}`);
      kinds.forEach((from, i) => {
        kinds.forEach((to, j) => {
          const factor = Math.exp(off("next kind by kind, age and sex", `${from}|${band}|${sex}`, to, 10, step));
          for (const s of [[0], [1, 2], [3]][i]) for (const t of [[0], [1, 2], [3]][j]) c.kind.next[s][b][g][t] *= factor;
        });
      });
    });
    // Growth of the share with at least a level from one band to the next.
    const reached = (lookUp, sex, at, e) => [0, 1, 2, 3, 4].reduce((sum, l) => sum + (l > e ? (lookUp(`${at}|${sex}`, l) ?? 0) : 0), 0);
    for (let e = 0; e < 4; e++) {
      const growth = (lookUp) => sexes.reduce((sum, sex) => sum + reached(lookUp, sex, band, e) - (band > 0 ? reached(lookUp, sex, band - 1, e) : 0), 0);
      const wanted = growth((given, l) => target("education by age and sex", given, l));
      const got = growth((given, l) => shareOf(simulated, "education by age and sex", given, l).share);
      const move = 0.5 * step * Math.log(Math.max(0.004, wanted) / Math.max(0.004, got));
      for (const school of [0, 1]) c.rise.level[e][school][b] = Math.max(-7, c.rise.level[e][school][b] + move);
    }
  }
  sexes.forEach((sex, g) => {
    const college = (lookUp) => lookUp(`6|${sex}`, 3) + lookUp(`6|${sex}`, 4);
    const wanted = college((given, l) => target("education by age and sex", given, l));
    const got = college((given, l) => shareOf(simulated, "education by age and sex", given, l).share);
    c.rise.gender[g] += 0.5 * step * (logit(wanted) - logit(got));
  });
  lawEthnicities.forEach((ethnicity, h) => {
    const table = "education by ethnicity, age 27 on";
    const wanted = target(table, ethnicity, 3) + target(table, ethnicity, 4);
    const got = shareOf(simulated, table, ethnicity, 3).share + shareOf(simulated, table, ethnicity, 4).share;
    c.rise.ethnicity[h] += 0.5 * step * (logit(wanted) - logit(got));
  });
  // Rows of logarithms mean nothing but their differences: their weighted means stay at 0.
  const centre = (row, weight) => {
    const sum = row.reduce((a, _, i) => a + weight(i), 0);
    const mean = row.reduce((a, x, i) => a + weight(i) * x, 0) / sum;
    for (let i = 0; i < row.length; i++) row[i] -= mean;
  };
  const seen = (table, given, outcome) => shareOf(simulated, table, given, outcome).share;
  for (let a = 0; a < 3; a++) centre(c.attraction.age[a], (k) => seen("group by age", a, groups[k]));
  lawEthnicities.forEach((ethnicity, h) => {
    const own = (k) => seen("group by ethnicity", ethnicity, groups[k]);
    centre(c.attraction.ethnicity[h], own);
    for (let r = 0; r < 4; r++) centre(c.attraction.ethnicityRegion[4 * h + r], own);
  });
  lawRegions.forEach((region, r) => {
    centre(c.attraction.region[r], (k) => seen("group by region", region, groups[k]));
  });
  sexes.forEach((sex, g) => {
    for (let e = 0; e < 5; e++) {
      centre(c.attraction.genderEducation[5 * g + e], (k) => seen("group by sex and education", `${sex}|${e}`, groups[k]));
    }
  });
  groups.forEach((group, k) => {
    centre(c.moves.flow[k], (h) => seen("group after a move", group, groups[h]) + 1e-9);
  });
  for (let e = 0; e < 5; e++) {
    const column = c.attraction.schooling.map((row) => row[e]);
    centre(column, (level) => seen("schooling of the job by education", e, level + 1));
    column.forEach((value, level) => {
      if (c.attraction.schooling[level][e] !== SCHOOLED_ONLY) c.attraction.schooling[level][e] = value;
    });
  }
  for (const rows of [c.attraction.ethnicityRegion, c.attraction.genderEducation, c.attraction.ethnicity, c.attraction.region, c.moves.flow]) {
    for (const row of rows) for (let k = 0; k < G; k++) row[k] = Math.max(-3, Math.min(3, 0.998 * row[k]));
  }
  const perTitle = (y) => sexes.reduce((sum, sex) => sum + seen("title by sex", sex, occupations[y].code), 0);
  centre(c.attraction.gap, perTitle);
  centre(c.attraction.title, perTitle);
  centre(c.stay.tenure, () => 1);
  centre(c.stay.education, () => 1);
  centre(c.stay.group, () => 1);
  for (const row of [c.kind.tenure, c.kind.education, c.kind.ethnicity, c.rise.gender, c.rise.ethnicity]) centre(row, () => 1);
  console.log(`round ${round + 1}: the largest gap of a rate is ${worst.toFixed(3)}`);
}

ageBeyond(coefficients, LAST);
// Rare, but never impossible.
const scaled = (row) => {
  const total = row.reduce((a, b) => a + b, 0);
  return row.map((p) => Math.max(p / total, 0.0005));
};
c.kind.next = c.kind.next.map((byBand) => byBand.map((bySex) => bySex.map(scaled)));
c.first.kind = c.first.kind.map((bySex) => bySex.map(scaled));
const text = JSON.stringify(coefficients, (_, value) => (typeof value === "number" ? Number(value.toFixed(4)) : value), 1);
// One row of numbers a line.
writeFileAtomically(dataFile("law") + "/parameters.json", `${text.replace(/\[\s+([-\d.e,\s]+?)\s+\]/g, (_, row) => `[${row.replace(/\s+/g, " ")}]`)}\n`);
