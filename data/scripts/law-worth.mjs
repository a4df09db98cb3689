// What each part of the law is worth: perplexity without it minus the oracle's, on persons of a synthetic survey.
//   node data/scripts/law-worth.mjs [KIND [PERSONS]]
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { CareerLaw, law, oracle } = require("../../lib/dist/surveys/law");
const { clusterRobustDifference, surprisal } = require("../../lib/dist/metrics");
const { personTotals } = require("../../lib/dist/metrics/perplexity.js");
const { emptyDistribution } = require("../../lib/dist/predictions");
const { syntheticDesigns } = require("../../lib/dist/surveys/synthetic/designs");
const { syntheticOracle } = require("../../lib/dist/surveys/synthetic/survey");
const { syntheticSurvey } = require("../../lib/dist/surveys/synthetic");

const [kind = "nlsy79-like", persons = "300"] = process.argv.slice(2);
const { careers, titles } = syntheticSurvey(kind, { persons: Number(persons), seed: 7 });
const design = syntheticDesigns[kind];
const truth = await syntheticOracle(kind).predict(careers);
const totals = (distribution) => personTotals(distribution, surprisal(distribution)).all;
const print = (name, distribution) => {
  const { value, standardError } = clusterRobustDifference(totals(distribution), totals(truth));
  console.log(`| ${name} | ${value.toFixed(2)} | ${standardError.toFixed(2)} |`);
};
const rows = truth.observed.length;
const own = totals(truth);
const perplexity = Math.exp(own.total.reduce((a, b) => a + b, 0) / rows);
console.log(`${kind}: ${careers.length} persons, ${rows} person-years, oracle ${perplexity.toFixed(2)}\n`);
console.log("| without | perplexity lost | standard error |\n|---|---:|---:|");

// Exact: the oracle sums over what it is not told.
for (const fields of [["gender"], ["ethnicity"], ["region"], ["birthYear"], ["gender", "ethnicity", "region"]]) {
  if (!fields.every((field) => design.records.includes(field))) continue;
  const blind = careers.map((career) => ({
    ...career,
    covariates: Object.fromEntries(Object.entries(career.covariates).filter(([name]) => !fields.includes(name))),
  }));
  print(fields.join(", "), await syntheticOracle(kind).predict(blind));
}

// Not exact: the law takes the first year that it is shown for the first year of the record.
for (const length of [1, 2, 3, 5, 10]) {
  const distribution = emptyDistribution(careers, titles);
  let n = 0;
  for (const career of careers) {
    const windows = career.observations.map((_, i) => ({
      ...career,
      observations: career.observations.slice(Math.max(0, i - length), i + 1),
    }));
    const predicted = await syntheticOracle(kind).predict(windows);
    let row = 0;
    for (const { observations } of windows) {
      row += observations.length;
      const from = (row - 1) * titles.size;
      distribution.logProbability.set(predicted.logProbability.subarray(from, from + titles.size), n++ * titles.size);
    }
  }
  print(`history before the last ${length} observation${length > 1 ? "s" : ""}`, distribution);
}

// A law from which one part is missing.
const { structure, coefficients, variant } = law({ specialStates: design.specialStates });
const nothing = (value) => (Array.isArray(value) ? value.map(nothing) : 0);
for (const [name, section, fields] of [
  ["nearness in words", "moves", ["words"]],
  ["flows between groups", "moves", ["flow"]],
  ["vocations", "attraction", ["vocation"]],
  ["schooling of the job", "attraction", ["schooling"]],
  ["interactions of covariates", "attraction", ["ethnicityRegion", "genderEducation"]],
  ["trend and cycle of groups", "attraction", ["trend", "cycle"]],
  ["mobility of persons (staying)", "stay", ["mobility"]],
]) {
  const changed = { ...coefficients[section] };
  for (const field of fields) changed[field] = nothing(changed[field]);
  const other = new CareerLaw(structure, { ...coefficients, [section]: changed }, variant);
  print(name, await oracle(other, design).predict(careers));
}
