import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isInstalled } from "../files";
import { addonFile, nativeState, tfjsVersion } from "./cache";
import type { EngineInfo } from "./engine-info";

/** An addon that can be tried. */
export interface Addon {
  path: string;
  source: EngineInfo["source"];
}

/** The addons on this machine, the first to try first, without loading any; and what is there but damaged. */
export function findAddons(): { addons: Addon[]; damaged: string[] } {
  const damaged: string[] = [];
  if (!isInstalled("@tensorflow/tfjs-node-gpu")) return { addons: [], damaged }; // nothing would drive them
  return { addons: [...officialAddons(), ...builtAddons(damaged)], damaged };
}

/** Addons that the installers of tfjs-node-gpu and tfjs-node left, of the release whose code will drive them. */
function officialAddons(): Addon[] {
  const found: Addon[] = [];
  for (const name of ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const installed = createRequire(manifest)(manifest) as { name: string; version: string };
      if (installed.name !== name || installed.version !== tfjsVersion()) continue;
      const lib = join(dirname(manifest), "lib");
      for (const folder of readdirSync(lib).filter((entry) => entry.startsWith("napi-v"))) {
        if (readdirSync(join(lib, folder)).includes(addonFile)) {
          found.push({ path: join(lib, folder, addonFile), source: "official addon" });
        }
      }
    } catch {
      // Not installed, or its installer did not run: the next candidate.
    }
  }
  return found;
}

function builtAddons(damaged: string[]): Addon[] {
  const found: Addon[] = [];
  for (const variant of ["cuda", "cpu"] as const) {
    const native = nativeState(variant);
    if (native.state === "ready") found.push({ path: join(native.folder, addonFile), source: "built addon" });
    if (native.state === "damaged") damaged.push(`the copy in ${native.folder} is damaged: ${native.why}`);
  }
  return found;
}
