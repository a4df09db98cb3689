import { basename } from "node:path";
import { engineInfo, startEngine } from "../engine";
import { resolveBase } from "../methods";
import { lawNamed, surveyNames, surveyState } from "../surveys";
import type { Profile } from "./profile";

/** What this run is, as rows of a table: code, engine, profile. */
export async function describeRun(profile: Profile): Promise<{ what: string; value: string }[]> {
  const { engine, version, device, threads, tfjs, source } = await startEngine();
  const own = (require("../../package.json") as { version: string }).version;
  const { epochs, learningRate, batch } = profile.fineTuning;
  const size = "texts" in batch ? `${batch.texts} persons` : `${batch.tokens} tokens`;
  return [
    { what: "labor-llm", value: own },
    { what: "Node", value: process.versions.node },
    { what: "engine", value: `${engine} ${version} (${source})` },
    { what: "device", value: `${device}, ${threads} ${threads === 1 ? "thread" : "threads"}` },
    { what: "TensorFlow.js", value: tfjs },
    { what: "profile", value: profile.name },
    { what: "seed", value: String(profile.seed) },
    {
      what: "fine-tuning",
      value: `${epochs} epochs, batches of ${size}, peak learning rate ${learningRate}`,
    },
    {
      what: "base model",
      value: `${profile.base}, sha256 ${(await resolveBase(profile.base)).digest().slice(0, 16)}`,
    },
    { what: "bootstrap", value: `${profile.replications} replications over persons` },
    ...profile.missing.map(({ survey, reason }) => ({ what: `without ${survey}`, value: reason })),
  ];
}

/** A survey, what the profile does with it, and where it stands. */
export type DataRow = {
  survey: string;
  "in this profile": "yes" | "missing" | "no";
  state: string;
};

/** The surveys by name and those of the profile, as rows of a table: those available, and how to get the others. */
export function describeData({ surveys, resumes, missing }: Profile): DataRow[] {
  const used = [...surveys, ...(resumes ? [resumes] : [])].map(({ survey }) => survey);
  const absent = missing.map(({ survey }) => survey);
  const others = [...used, ...absent].filter((survey) => !surveyNames.includes(survey));
  return [...surveyNames, ...new Set(others)].map((survey) => ({
    survey,
    "in this profile": used.includes(survey) ? "yes" : absent.includes(survey) ? "missing" : "no",
    state: stateOf(survey),
  }));
}

function stateOf(survey: string): string {
  if (lawNamed(survey) !== undefined) return "simulated from a known law";
  if (!surveyNames.includes(survey)) return "a file or folder of the user's";
  const found = surveyState(survey);
  if (found.state === "missing") return `not found. ${found.remedy}`;
  if (found.state === "downloaded") return `found: ${basename(found.path)}`;
  return "in the repository";
}

/** Caption that says where a table's numbers come from: profile, data, seed, engine. */
export function provenance(profile: Profile, data: string): string {
  const info = engineInfo();
  const engine = info === undefined ? "" : `, engine ${info.engine} ${info.version}`;
  return `Profile ${profile.name}, ${data}, seed ${profile.seed}${engine}.`;
}
