import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Where to look; a test gives its own. */
export interface NvidiaPlaces {
  /** The driver's folder in the proc file system. */
  proc: string;
  /** The driver's command, a name on PATH or a path. */
  smi: string;
}

const usual: NvidiaPlaces = { proc: "/proc/driver/nvidia", smi: "nvidia-smi" };

/** Whether an NVIDIA driver runs here. */
export function hasNvidiaDriver(places = usual): boolean {
  return existsSync(`${places.proc}/version`) || queryNames(places.smi) !== undefined;
}

/** The name of the first graphics card, "GPU" where the driver does not tell. */
export function gpuName(places = usual): string {
  const cards = `${places.proc}/gpus`;
  if (existsSync(cards)) {
    for (const card of readdirSync(cards)) {
      const model = /^Model:\s*(.+)$/m.exec(readFileSync(`${cards}/${card}/information`, "utf8"));
      if (model !== null) return model[1].trim();
    }
  }
  return queryNames(places.smi)?.[0] ?? "GPU";
}

function queryNames(smi: string): string[] | undefined {
  const asked = spawnSync(smi, ["--query-gpu=name", "--format=csv,noheader"], {
    encoding: "utf8",
    timeout: 10_000,
  });
  const names = asked.status === 0 ? asked.stdout.split("\n").filter((line) => line.trim() !== "") : [];
  return names.length > 0 ? names.map((name) => name.trim()) : undefined;
}
