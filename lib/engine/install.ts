import { spawnSync } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors";
import { moveIntoPlace, withStaging, writeFileAtomically } from "../files";
import { Progress } from "../progress";
import { childEnvironment } from "../session";
import {
  addonFile,
  type Manifest,
  manifestPath,
  napiVersion,
  nativeFolder,
  nativeState,
  platform,
  sha256OfFile,
  tensorflowVersion,
  tfjsVersion,
  type Variant,
} from "./cache";
import { compileAddons, findCompiler } from "./compile";
import { hasNvidiaDriver } from "./nvidia";
import { downloadWheels, findPython, type Python } from "./python";
import { unpackWheel } from "./unpack";
import { isEngineFile, isHeader, type WheelSet, wheelSets } from "./wheels";

export interface Installed {
  folder: string;
  variant: Variant;
  /** False where it was there already. */
  fresh: boolean;
}

interface Tools {
  compiler: string;
  python: Python;
}

/** Bytes free that an installation needs: the wheel, its libraries, and room to breathe. */
const room: Record<Variant, number> = { cpu: 1.4e9, cuda: 12e9 };

/**
 * Puts TensorFlow's native library and the addon that drives it into the user's cache: downloads PyPI's wheels
 * with pip (hash-checked), unpacks their libraries, compiles the addon against them, tries it, and renames the
 * whole into place. Installers that run at once do not disturb each other; a damaged copy is replaced.
 * @param log is told each step, a line
 * @throws UserError where Python, pip, a compiler, the network or the disk does not serve
 */
export async function installNative(log: (line: string) => void): Promise<Installed> {
  const sets = wheelSets(platform, hasNvidiaDriver());
  if (sets.length === 0) {
    throw new UserError(
      `there is no TensorFlow wheel for ${platform}`,
      "LABOR_LLM_ENGINE=wasm works everywhere.",
    );
  }
  let tools: Tools | undefined;
  for (const [rank, set] of sets.entries()) {
    const found = nativeState(set.variant);
    if (found.state === "ready") return { folder: found.folder, variant: set.variant, fresh: false };
    // Before anything is downloaded: what would fail in the end fails now.
    tools ??= { compiler: findCompiler(), python: findPython() };
    if (found.state === "damaged")
      log(`The copy in ${found.folder} is damaged (${found.why}); it is replaced.`);
    try {
      return { folder: await install(set, tools, log), variant: set.variant, fresh: true };
    } catch (error) {
      if (rank === sets.length - 1 || !(error instanceof UserError)) throw error;
      log(`No TensorFlow with CUDA: ${error.message} Trying TensorFlow for the CPU.`);
    }
  }
  throw new Error("unreachable");
}

async function install(set: WheelSet, tools: Tools, log: (line: string) => void): Promise<string> {
  const target = nativeFolder(set.variant);
  await withStaging(dirname(target), room[set.variant], async (staging) => {
    log(`Downloading TensorFlow ${tensorflowVersion} (${set.megabytes ?? "about 3,000"} MB, once per user).`);
    const download = { what: "TensorFlow", ...set };
    const wheels = await downloadWheels(tools.python, download, join(staging, "download"));
    const built = join(staging, "built");
    const files = await unpackAll(wheels, built);
    rmSync(join(staging, "download"), { recursive: true, force: true });
    log("Compiling the addon.");
    const addons = await compileAddons(tools.compiler, built);
    rmSync(join(built, "tensorflow", "include"), { recursive: true, force: true });
    tryAddon(join(built, addonFile), set.variant);
    for (const name of addons) {
      const path = join(built, name);
      files[name] = { bytes: statSync(path).size, sha256: await sha256OfFile(path) };
    }
    writeFileAtomically(manifestPath(built), `${JSON.stringify(manifestOf(set, files), null, 2)}\n`);
    moveIntoPlace(built, target, () => nativeState(set.variant).state === "ready");
  });
  return target;
}

function manifestOf(set: WheelSet, files: Manifest["files"]): Manifest {
  return {
    tensorflow: tensorflowVersion,
    tfjs: tfjsVersion(),
    napi: napiVersion,
    platform,
    variant: set.variant,
    wheels: Object.fromEntries(
      set.wheels.map(({ name, version, sha256 }) => [`${name} ${version}`, { sha256 }]),
    ),
    files,
  };
}

async function unpackAll(wheels: string[], folder: string): Promise<Manifest["files"]> {
  const files: Manifest["files"] = {};
  const bar = new Progress({ label: "unpack", unit: "MB", every: 10 });
  let written = 0;
  try {
    for (const wheel of wheels) {
      const wanted = (path: string) => isEngineFile(path) || isHeader(path);
      const unpacked = await unpackWheel(wheel, folder, wanted, (bytes) => {
        written += bytes;
        bar.update(written / 1e6);
      });
      for (const { path, bytes, sha256 } of unpacked) if (isEngineFile(path)) files[path] = { bytes, sha256 };
    }
  } finally {
    bar.stop();
  }
  return files;
}

/** Loads the addon in a process of its own: a library that this machine cannot run may end it. */
function tryAddon(addon: string, variant: Variant): void {
  const script = `const b = require(process.argv[1]); console.log(b.TF_Version, b.isUsingGpuDevice());`;
  const tried = spawnSync(process.execPath, ["-e", script, addon], {
    encoding: "utf8",
    timeout: 120_000,
    env: { ...childEnvironment(), TF_CPP_MIN_LOG_LEVEL: "2", NODE_OPTIONS: "" },
  });
  if (tried.status === 0 && tried.stdout.startsWith(tensorflowVersion)) {
    if (variant === "cpu" || tried.stdout.includes("true")) return;
    throw new UserError("TensorFlow does not find the graphics card.");
  }
  const error =
    /^.*(Error|GLIBC).*$/m.exec(tried.stderr)?.[0] ?? `it ended with ${tried.signal ?? tried.status}`;
  throw new UserError(`this machine does not run TensorFlow ${tensorflowVersion} (${error.slice(0, 200)})`);
}
