import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { CareerPanel } from "../careers/panel";
import { UserError } from "../errors";
import { dataFolder, userDataFolder } from "../files/data-folder";
import { isFile, isFolder } from "../files/kind";
import { asReadError } from "../files/read";
import { readLongFormat } from "./long-format";
import { isTableFile } from "./map-of-file";
import { readMappedPanel } from "./mapped-panel";
import { isDownloadOf, readNlsy79, readNlsy97 } from "./nls";
import { readNlsyYoungMen } from "./nlsy-young-men";
import { isPsidDownload, readPsid } from "./psid";
import { syntheticNamed, syntheticSurvey, syntheticTwin } from "./synthetic";

/** Surveys that anyone has. */
const athand: Record<string, () => CareerPanel> = {
  "nlsy-young-men": () => readNlsyYoungMen(),
  "synthetic-psid": () => syntheticSurvey("psid-like"),
  "synthetic-nlsy79": () => syntheticSurvey("nlsy79-like"),
  "synthetic-nlsy97": () => syntheticSurvey("nlsy97-like"),
  "synthetic-resumes": () => syntheticSurvey("resumes"),
  "synthetic-words": () => syntheticTwin("synthetic-words"),
  "synthetic-control": () => syntheticTwin("synthetic-control"),
};

/** A survey that each user downloads. */
interface Download {
  /** Does the file or folder look like one? Never throws, reads little. */
  recognises(path: string): boolean;
  read(path: string): CareerPanel;
  /** How to get it, a sentence. */
  remedy: string;
}

const investigator = (name: string) =>
  `Upload data/tagsets/${name}.${name.toUpperCase()} to NLS Investigator (www.nlsinfo.org/investigator), download the zip`;

const downloads: Record<string, Download> = {
  nlsy79: {
    recognises: (path) => isDownloadOf("nlsy79", path),
    read: (path) => readNlsy79(path),
    remedy: investigator("nlsy79"),
  },
  nlsy97: {
    recognises: (path) => isDownloadOf("nlsy97", path),
    read: (path) => readNlsy97(path),
    remedy: investigator("nlsy97"),
  },
  psid: {
    recognises: isPsidDownload,
    read: (path) => readPsid(path),
    remedy:
      "Paste data/tagsets/psid.txt into the Data Center's cart (psidonline.isr.umich.edu), download all individuals in one file",
  },
  "nlsy97-person-year": {
    recognises: (path) => /(^|[\\/])nlsy97_person_year\.(csv|csv\.gz|parquet)$/i.test(path),
    read: (path) => readLongFormat(path),
    remedy: "Get nlsy97_person_year.csv (data/maps/README.md tells what it holds)",
  },
};

/** The surveys that have a name: those that anyone has, then those that the user downloads. */
export const surveyNames: readonly string[] = [...Object.keys(athand), ...Object.keys(downloads)];

/** Where a survey stands: at hand, found in the user's folder, or to be got. */
export type SurveyState =
  | { state: "at hand" }
  | { state: "downloaded"; path: string }
  | { state: "missing"; remedy: string };

/** @throws UserError if no survey has that name, or the user's folder holds it twice */
export function surveyState(name: string): SurveyState {
  if (Object.hasOwn(athand, name) || syntheticNamed(name) !== undefined) return { state: "at hand" };
  if (!Object.hasOwn(downloads, name)) throw unknownSurvey(name);
  const { recognises, remedy } = downloads[name];
  const found = placesInUserFolder(recognises);
  if (found.length > 1) {
    throw new UserError(
      `LABOR_LLM_DATA holds ${name} more than once: ${found.join(", ")}`,
      "Give the path of the one to read.",
    );
  }
  if (found.length === 1) return { state: "downloaded", path: found[0] };
  return { state: "missing", remedy: `${remedy}, and put it in a folder that LABOR_LLM_DATA names.` };
}

/**
 * Why a survey cannot be read, and how to get it; undefined where it is at hand. Looks, but does not read.
 * @param nameOrPath as `readSurvey` takes it
 * @throws UserError as `surveyState`
 */
export function absenceOf(nameOrPath: string): UserError | undefined {
  const named = Object.hasOwn(athand, nameOrPath) || Object.hasOwn(downloads, nameOrPath);
  if (!named && existsSync(nameOrPath)) return undefined;
  const found = surveyState(nameOrPath);
  if (found.state !== "missing") return undefined;
  return new UserError(`there is no download of ${nameOrPath}`, found.remedy);
}

const wrongFolder = "LABOR_LLM_DATA is to name a folder that you may read.";

/** What lies in the user's folder and is recognised: files, folders, or the zips in a folder. */
function placesInUserFolder(recognises: Download["recognises"]): string[] {
  const folder = userDataFolder();
  if (folder === undefined || !existsSync(folder)) return [];
  const found = new Map<string, string>();
  // The variable may name the download itself.
  const entries = isFolder(folder) ? listed(folder, wrongFolder).map((name) => join(folder, name)) : [folder];
  for (const place of entries) {
    const inside = isFolder(place) ? listedOrNone(place).filter((name) => /\.zip$/i.test(name)) : [];
    const places = recognises(place) ? [place] : inside.map((name) => join(place, name)).filter(recognises);
    // The files of one download share their name up to the ending.
    for (const one of places) found.set(one.replace(/\.[a-z]+(\.gz)?$/i, ""), one);
  }
  return [...found.values()].sort();
}

/** Names in a folder, sorted. @throws UserError where it cannot be read */
function listed(folder: string, remedy?: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw asReadError(folder, error, remedy);
  }
}

/** As `listed`; a folder among others that may not be read holds nothing for us. */
function listedOrNone(folder: string): string[] {
  try {
    return listed(folder);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/**
 * Reads a survey by its name (`surveyNames`, and synthetic ones with a break, `syntheticNamed`; a download is looked for in the folder that LABOR_LLM_DATA names), or
 * from a path: the zip, folder or data file of a download of NLS Investigator or of the PSID's Data Center, or a CSV
 * or Parquet file with a row for each person and year (`readLongFormat`).
 * @param map a column map for a CSV or Parquet file (`readMappedPanel`)
 * @throws UserError if it is none of these, or the file is not as it should be
 */
export function readSurvey(nameOrPath: string, map?: string): CareerPanel {
  if (map !== undefined) return readMappedPanel(nameOrPath, map);
  if (Object.hasOwn(athand, nameOrPath)) return athand[nameOrPath]();
  const synthetic = syntheticNamed(nameOrPath);
  if (synthetic !== undefined) {
    return { ...syntheticSurvey(synthetic.kind, synthetic.options), name: nameOrPath };
  }
  if (Object.hasOwn(downloads, nameOrPath)) {
    const found = surveyState(nameOrPath);
    if (found.state === "downloaded") return downloads[nameOrPath].read(found.path);
    throw absenceOf(nameOrPath);
  }
  if (!existsSync(nameOrPath)) throw unknownSurvey(nameOrPath);
  const survey = Object.values(downloads).find(({ recognises }) => recognises(nameOrPath));
  if (survey !== undefined) return survey.read(nameOrPath);
  if (isTableFile(nameOrPath)) return readLongFormat(nameOrPath);
  return readFolder(nameOrPath);
}

/**
 * The files and folders that `readSurvey` would read, those beside a data file included; nothing where there is no
 * such survey. No output may go there.
 */
export function surveyInputs(nameOrPath: string, map?: string): string[] {
  if (map !== undefined) return [nameOrPath, map];
  if (Object.hasOwn(athand, nameOrPath) || syntheticNamed(nameOrPath) !== undefined) return [dataFolder()];
  const found = Object.hasOwn(downloads, nameOrPath) ? surveyState(nameOrPath) : undefined;
  if (found !== undefined && found.state !== "downloaded") return [];
  const path = found?.path ?? nameOrPath;
  const own = stemOf(path);
  const beside = isFile(path) ? listedOrNone(dirname(path)).filter((name) => stemOf(name) === own) : [];
  // Another table of the same name is not read with it; its labels, statements and column map are.
  return [path, ...beside.filter((name) => !isTableFile(name)).map((name) => join(dirname(path), name))];
}

/** What the name of a data file and of those that describe it have in common. */
function stemOf(path: string): string {
  return basename(path)
    .replace(/(-value-labels|_labels|_formats|_codebook|_columns)?(\.map\.json|\.[^.]*(\.gz)?)$/i, "")
    .toUpperCase();
}

/** A folder that holds one survey among other things. */
function readFolder(path: string): CareerPanel {
  const remedy =
    "Give a CSV or Parquet file, or the zip, folder or data file of a download of NLS Investigator or the PSID's Data Center.";
  if (!isFolder(path)) throw new UserError(`${path}: not a file of a survey`, remedy);
  const places = listed(path).map((name) => join(resolve(path), name));
  const found = places.filter(
    (place) => isTableFile(place) || Object.values(downloads).some(({ recognises }) => recognises(place)),
  );
  if (found.length === 1) return readSurvey(found[0]);
  if (found.length === 0) throw new UserError(`${path}: the folder holds no survey`, remedy);
  throw new UserError(
    `${path}: the folder holds more than one survey (${found.join(", ")})`,
    "Give the path of the one to read.",
  );
}

function unknownSurvey(name: string): UserError {
  return new UserError(
    `no survey, file or folder is called "${name}"`,
    `Give a path or one of these names: ${surveyNames.join(", ")}.`,
  );
}
