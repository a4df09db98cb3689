import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { UserError } from "../../errors";
import { isFolder } from "../../files";
import { CONFIG } from "./hugging-face-files";

/**
 * The folder that holds a model's files, where a path is that of a repository in the hub's cache
 * (models--org--name, with refs/main and snapshots/HASH); any other path as it is.
 * @throws UserError where there are several snapshots and refs/main names none, or none at all
 */
export function snapshotFolder(path: string): string {
  const snapshots = join(path, "snapshots");
  if (existsSync(join(path, CONFIG)) || !isFolder(snapshots)) return path;
  const all = readdirSync(snapshots).filter((name) => isFolder(join(snapshots, name)));
  const main = join(path, "refs", "main");
  const named = existsSync(main) ? readFileSync(main, "utf8").trim() : "";
  if (all.includes(named)) return join(snapshots, named);
  if (all.length === 1) return join(snapshots, all[0]);
  const listed = all.map((name) => join(snapshots, name)).sort();
  throw new UserError(
    all.length === 0
      ? `${path}: a folder of the hub's cache without a snapshot`
      : `${path}: a folder of the hub's cache with ${all.length} snapshots, and refs/main names none of them`,
    all.length === 0 ? "Download the model again." : `Name one of them: ${listed.slice(0, 8).join(", ")}.`,
  );
}

/** What a model is called whose path is in the hub's cache: "name" for models--org--name; else the last part of the path. */
export function modelName(path: string): string {
  const parts = resolve(path).split(sep);
  const repository = parts.find((part) => /^models--./.test(part));
  return repository?.split("--").at(-1) ?? basename(resolve(path));
}
