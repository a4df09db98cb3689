import { join } from "node:path";
import { engineInfo, startEngine } from "../engine";
import { surveyNames } from "../surveys";
import { readSurvey } from "../surveys/read-survey";
import type { Profile } from "./profile";
import { fileDigest } from "./runs";

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
      value: `sha256 ${fileDigest(join(profile.base, "model.safetensors")).slice(0, 16)}`,
    },
    { what: "bootstrap", value: `${profile.replications} replications over persons` },
  ];
}

/** Which surveys are at hand, as rows of a table. */
export function describeData(): { survey: string; persons: number; "person-years": number; state: string }[] {
  return surveyNames.map((name) => {
    const { careers } = readSurvey(name);
    const personYears = careers.reduce((n, career) => n + career.observations.length, 0);
    return {
      survey: name,
      persons: careers.length,
      "person-years": personYears,
      state: "in the repository",
    };
  });
}

/** Caption that says where a table's numbers come from: profile, data, seed, engine. */
export function provenance(profile: Profile, data: string): string {
  const info = engineInfo();
  const engine = info === undefined ? "" : `, engine ${info.engine} ${info.version}`;
  return `Profile ${profile.name}, ${data}, seed ${profile.seed}${engine}.`;
}
