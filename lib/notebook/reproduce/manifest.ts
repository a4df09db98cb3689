import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { Profile } from "../../experiments";
import { earlierFiguresFolder, projectFolder } from "../../figures";
import { fileDigest, readCsv, repositoryFolder } from "../../files";
import { resolveBase } from "../../methods";
import { surveyState } from "../../surveys";
import { parseNotebook } from "../document";

/** What a result is a function of, or a result itself, with its SHA-256. */
export type ManifestEntry = {
  kind: "data" | "base model" | "code" | "output";
  /** A path in the project; of a folder of code or a notebook's cells, all of it together. */
  entry: string;
  /** Hexadecimal; empty where it is not there. */
  sha256: string;
  /** Why it is not there. */
  note: string;
};

export interface ManifestOptions {
  /** The project. Default: the repository; where the package is installed elsewhere, the user's project. */
  project?: string;
  /** The folder of the outputs. Default: that of the notebooks that ran before (`earlierFiguresFolder`). */
  figures?: string;
  /** Outputs of notebooks with a number below this one. Default "15". */
  before?: string;
}

/**
 * Digests of the committed data, the base model, the code (the library's sources by folder, the versions of its
 * packages, the notebooks' cells) and of all tables and figures. What a run of the same code may make otherwise on
 * another machine, PNGs and the report, is left out. A notebook without outputs has a row that says so.
 */
export async function makeManifest(
  { base, surveys }: Pick<Profile, "base" | "surveys">,
  options: ManifestOptions = {},
): Promise<ManifestEntry[]> {
  const {
    project = repositoryFolder() ?? projectFolder(),
    figures = earlierFiguresFolder(),
    before = "15",
  } = options;
  const row = (kind: ManifestEntry["kind"], entry: string, sha256: string): ManifestEntry => ({
    ...{ kind, entry, sha256, note: "" },
  });
  const data = filesUnder(join(project, "data")).filter((name) => !/(^|\/)scripts\/|\.md$/.test(name));
  const rows = data.map((name) => {
    const kind = name.startsWith("base-model/") ? "base model" : "data";
    return row(kind, `data/${name}`, fileDigest(join(project, "data", name)));
  });
  for (const { survey } of surveys) {
    const path = downloadOf(survey);
    if (path !== undefined) rows.push(row("data", basename(path), digestOf(path)));
  }
  if (base !== "tiny") rows.push(row("base model", basename(base), (await resolveBase(base)).digest()));
  for (const [folder, names] of sourceFolders(join(project, "lib"))) {
    rows.push(row("code", folder === "" ? "lib" : `lib/${folder}`, joined(join(project, "lib"), names)));
  }
  const lock = join(project, "package-lock.json");
  if (existsSync(lock)) rows.push(row("code", "package-lock.json", fileDigest(lock)));
  const notebooks = numbered(join(project, "notebooks")).filter((name) => name.endsWith(".ipynb"));
  for (const name of notebooks) {
    rows.push(row("code", `notebooks/${name}, cells`, cellsDigest(join(project, "notebooks", name))));
  }
  const place = `figures/${basename(figures)}`;
  const outputs = numbered(figures).filter((name) => /\.(csv|svg|json)$/.test(name));
  const numbers = new Set([...outputs, ...notebooks].map((name) => name.slice(0, 2)));
  for (const number of [...numbers].filter((one) => one < before).sort()) {
    const own = outputs.filter((name) => name.startsWith(`${number}-`));
    rows.push(...own.map((name) => row("output", `${place}/${name}`, fileDigest(join(figures, name)))));
    if (own.length > 0) continue;
    const note = `not there: run labor-llm reproduce --only ${number}`;
    rows.push({ kind: "output", entry: `${place}/${number}-*`, sha256: "", note });
  }
  return rows;
}

/** An entry on which two manifests differ. */
export type ManifestDifference = {
  entry: string;
  difference: "changed" | "not there any more" | "new";
};

/** The entries of a manifest available that are otherwise now, by name; none where all is as it was. */
export async function checkManifest(
  manifest: readonly ManifestEntry[],
  profile: Pick<Profile, "base" | "surveys">,
  options: ManifestOptions = {},
): Promise<ManifestDifference[]> {
  return compareManifests(manifest, await makeManifest(profile, options));
}

/** What a second manifest has otherwise than a first. */
export function compareManifests(
  before: readonly ManifestEntry[],
  after: readonly ManifestEntry[],
): ManifestDifference[] {
  const there = (entries: readonly ManifestEntry[]) =>
    new Map(entries.filter(({ sha256 }) => sha256 !== "").map(({ entry, sha256 }) => [entry, sha256]));
  const [old, now] = [there(before), there(after)];
  const found: ManifestDifference[] = [];
  for (const [entry, sha256] of old) {
    if (!now.has(entry)) found.push({ entry, difference: "not there any more" });
    else if (now.get(entry) !== sha256) found.push({ entry, difference: "changed" });
  }
  for (const entry of now.keys()) if (!old.has(entry)) found.push({ entry, difference: "new" });
  return found;
}

/** The manifest in a file that a notebook published. @throws UserError if it is none */
export function readManifest(path: string): ManifestEntry[] {
  const table = readCsv(path);
  const [kind, entry, sha256, note] = ["kind", "entry", "sha256", "note"].map((name) => table.columnOf(name));
  return table.rows.map((row) => ({
    ...{ kind: row[kind] as ManifestEntry["kind"], entry: row[entry], sha256: row[sha256], note: row[note] },
  }));
}

/** Where a survey was downloaded to, or the user's own file; undefined for what comes with the repository. */
function downloadOf(survey: string): string | undefined {
  if (existsSync(survey)) return survey;
  const found = surveyState(survey);
  return found.state === "downloaded" ? found.path : undefined;
}

function digestOf(path: string): string {
  return statSync(path).isDirectory() ? joined(path, filesUnder(path)) : fileDigest(path);
}

/** One digest of several files: of their names and bytes, in order. */
function joined(folder: string, names: readonly string[]): string {
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\n`).update(fileDigest(join(folder, name)));
  return hash.digest("hex");
}

/** The library's sources by folder: not what is compiled from them. */
function sourceFolders(lib: string): [folder: string, names: string[]][] {
  const names = filesUnder(lib, ["dist", "node_modules"]).filter((name) => /\.(ts|c|js|mjs)$/.test(name));
  const folderOf = (name: string) => (name.includes("/") ? name.slice(0, name.indexOf("/")) : "");
  const folders = [...new Set(names.map(folderOf))].sort();
  return folders.map((folder) => [folder, names.filter((name) => folderOf(name) === folder)]);
}

/** A notebook's cells without their outputs. */
function cellsDigest(path: string): string {
  const { cells } = parseNotebook(readFileSync(path, "utf8"), path);
  const code = cells.map(({ cell_type, source }) => [cell_type, source]);
  return createHash("sha256").update(JSON.stringify(code)).digest("hex");
}

/** Files NN-… of a folder, sorted; none where there is no such folder. */
function numbered(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d\d-/.test(name))
    .sort();
}

/** Paths of all files under a folder but hidden ones, from it, with "/", sorted. */
function filesUnder(folder: string, without: readonly string[] = []): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !without.includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path).map((name) => `${entry.name}/${name}`);
      return entry.isFile() ? [relative(folder, path).split(sep).join("/")] : [];
    })
    .sort();
}
