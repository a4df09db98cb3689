import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { homeFolder, manifestOf, reasonOf } from "../files";
import { currentSession } from "../session";

/** "cuda" holds NVIDIA's libraries too. */
export type Variant = "cpu" | "cuda";

export const tensorflowVersion = "2.21.0";

/** Node-API version that the addon is built for: any later Node loads it. */
export const napiVersion = 8;

/** The addon's file within its folder. */
export const addonFile = "tfjs_binding.node";

/** The addon that mutes standard error while TensorFlow loads. */
export const muteFile = "stderr.node";

/** Written last: a folder without it does not count. */
const manifestFile = "engine.json";

/** What lies in a folder of the cache. */
export interface Manifest {
  tensorflow: string;
  tfjs: string;
  napi: number;
  platform: string;
  variant: Variant;
  /** The wheels that the libraries came from. */
  wheels: Record<string, { sha256: string }>;
  /** Path within the folder. */
  files: Record<string, { bytes: number; sha256: string }>;
}

export type NativeState =
  | { state: "absent"; folder: string }
  | { state: "damaged"; folder: string; why: string }
  | { state: "ready"; folder: string; manifest: Manifest };

/**
 * The user's cache: the session's (LABOR_LLM_CACHE), or the platform's place (`~/.cache/labor-llm` on Linux).
 * @throws UserError where neither is known: the user has no home folder
 */
export function cacheFolder(): string {
  return currentSession().cache ?? platformCache();
}

function platformCache(): string {
  if (homeFolder() === undefined) {
    throw new UserError(
      "this user has no home folder, so that there is no place for the cache",
      "Set LABOR_LLM_CACHE to a folder, or HOME.",
    );
  }
  // Loaded here because it asks for the home folder as it loads.
  const { default: envPaths } = require("env-paths") as typeof import("env-paths");
  return envPaths("labor-llm", { suffix: "" }).cache;
}

/**
 * package.json of the package that holds the addon's source and what drives it.
 * @throws UserError where it is not installed
 */
export function addonManifest(): string {
  return manifestOf("@tensorflow/tfjs-node-gpu", "the native engine needs it");
}

/** The version of the addon's source. @throws as `addonManifest` */
export function tfjsVersion(): string {
  return (require(addonManifest()) as { version: string }).version;
}

/** Node's name of this platform, as in "linux-x64". */
export const platform = `${process.platform}-${process.arch}`;

/** Where the native engine of a variant belongs. The name says all that it depends on. */
export function nativeFolder(variant: Variant): string {
  const name = `tensorflow-${variant}-${tensorflowVersion}-tfjs-${tfjsVersion()}-${platform}`;
  return join(cacheFolder(), "engine", name);
}

/**
 * Whether the cache holds a file or folder.
 * @throws UserError where the cache cannot be looked at: its path leads through a file, or belongs to another user
 */
export function inCache(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const reason = reasonOf(error, "read");
    if (reason === undefined) throw error;
    throw new UserError(
      `cannot read the cache ${cacheFolder()}: ${reason}`,
      "Set LABOR_LLM_CACHE to another folder.",
      {
        cause: error,
      },
    );
  }
}

/** Looks at names and sizes only, which takes a millisecond; `verifyNative` reads every byte. */
export function nativeState(variant: Variant): NativeState {
  const folder = nativeFolder(variant);
  if (!inCache(folder)) return { state: "absent", folder };
  const manifest = readManifest(folder);
  if (manifest === undefined) {
    return { state: "damaged", folder, why: `${manifestFile} is missing or not what the installer writes` };
  }
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
    if (size !== bytes) {
      const found = size === undefined ? "is missing" : `holds ${size} bytes, not ${bytes}`;
      return { state: "damaged", folder, why: `${name} ${found}` };
    }
  }
  return { state: "ready", folder, manifest };
}

/** As `nativeState`, but checks the SHA-256 of every file. */
export async function verifyNative(variant: Variant): Promise<NativeState> {
  const found = nativeState(variant);
  if (found.state !== "ready") return found;
  for (const [name, { sha256 }] of Object.entries(found.manifest.files)) {
    if ((await sha256OfFile(join(found.folder, name))) !== sha256) {
      return {
        state: "damaged",
        folder: found.folder,
        why: `${name} has not the SHA-256 it was installed with`,
      };
    }
  }
  return found;
}

/** @returns hexadecimal SHA-256 of a file, read in pieces */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

export function manifestPath(folder: string): string {
  return join(folder, manifestFile);
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(manifestPath(folder), "utf8")) as Manifest;
    const files = Object.values(manifest.files);
    const sound =
      manifest.tensorflow === tensorflowVersion &&
      manifest.tfjs === tfjsVersion() &&
      manifest.napi === napiVersion &&
      manifest.platform === platform &&
      addonFile in manifest.files &&
      muteFile in manifest.files &&
      files.every(({ bytes, sha256 }) => Number.isSafeInteger(bytes) && /^[0-9a-f]{64}$/.test(sha256));
    return sound ? manifest : undefined;
  } catch {
    return undefined; // absent, cut short, or not JSON
  }
}
