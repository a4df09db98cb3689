import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { CareerPanel } from "../careers";
import { UserError } from "../errors";
import { asReadError, dataFolder, isFile, isFolder, userDataFolder, zipEntries } from "../files";
import { quote } from "../quote";
import { isTableFile } from "./map-of-file";
import { readMappedPanel } from "./mapped-panel";
import { isDownloadOf, nlsRulesOfText, readNlsy79, readNlsy97 } from "./nls";
import { readNlsyYoungMen } from "./nlsy-young-men";
import { panelRulesOfText } from "./panel-map-check";
import { isPsidDownload, psidOptionsOfText, readPsid } from "./psid";
import { syntheticNamed, syntheticSurvey, syntheticTwin } from "./synthetic";

/** Surveys that anyone has. */
const availableSurveys: Record<string, () => CareerPanel> = {
  "nlsy-young-men": () => readNlsyYoungMen(),
  "synthetic-psid": () => syntheticSurvey("psid-like"),
  "synthetic-nlsy79": () => syntheticSurvey("nlsy79-like"),
  "synthetic-nlsy97": () => syntheticSurvey("nlsy97-like"),
  "synthetic-resumes": () => syntheticSurvey("resumes"),
  "synthetic-words": () => syntheticTwin("synthetic-words"),
  "synthetic-control": () => syntheticTwin("synthetic-control"),
  "synthetic-spelling": () => syntheticTwin("synthetic-spelling"),
};

/** Rules of a survey's reader as a user writes them: `NlsRules`, `PsidRules`, or those of a column map. */
export type RuleTexts = Readonly<Record<string, string>>;

/** A survey that each user downloads. */
interface Download {
  /** Does the file or folder look like one? Reads little. @throws UserError where that cannot be told, with the reason */
  recognises(path: string): boolean;
  read(path: string, rules: RuleTexts): CareerPanel;
  /** How to get it, a sentence. */
  remedy: string;
}

const investigator = (name: string) =>
  `Upload data/tagsets/${name}.${name.toUpperCase()} to NLS Investigator (www.nlsinfo.org/investigator), download the zip`;

const downloads: Record<string, Download> = {
  nlsy79: {
    recognises: (path) => isDownloadOf("nlsy79", path),
    read: (path, rules) => readNlsy79(path, nlsRulesOfText(rules)),
    remedy: investigator("nlsy79"),
  },
  nlsy97: {
    recognises: (path) => isDownloadOf("nlsy97", path),
    read: (path, rules) => readNlsy97(path, nlsRulesOfText(rules)),
    remedy: investigator("nlsy97"),
  },
  psid: {
    recognises: isPsidDownload,
    read: (path, rules) => readPsid(path, psidOptionsOfText(rules)),
    remedy:
      "Paste data/tagsets/psid.txt into the Data Center's cart (psidonline.isr.umich.edu), download all individuals in one file",
  },
  "nlsy97-person-year": {
    recognises: (path) => /(^|[\\/])nlsy97_person_year\.(csv|csv\.gz|parquet)$/i.test(path),
    read: (path, rules) => readMappedPanel(path, undefined, panelRulesOfText(rules)),
    remedy: "Get nlsy97_person_year.csv (data/maps/README.md tells what it holds)",
  },
};

/** The surveys that have a name: those that anyone has, then those that the user downloads. */
export const surveyNames: readonly string[] = [...Object.keys(availableSurveys), ...Object.keys(downloads)];

/** Where a survey stands: available, found in the user's folder, or to be got. */
export type SurveyState =
  | { state: "available" }
  | { state: "downloaded"; path: string }
  | {
      state: "missing";
      remedy: string;
      /** Why a file in the user's folder, which may be it, cannot be looked into. */
      unreadable?: string;
    };

/** @throws UserError if no survey has that name, or the user's folder holds it twice */
export function surveyState(name: string): SurveyState {
  if (Object.hasOwn(availableSurveys, name) || syntheticNamed(name) !== undefined)
    return { state: "available" };
  if (!Object.hasOwn(downloads, name)) throw unknownSurvey(name);
  const { recognises, remedy } = downloads[name];
  const { found, unreadable } = placesInUserFolder(recognises);
  if (found.length > 1) {
    throw new UserError(
      `LABOR_LLM_DATA holds ${name} more than once: ${found.join(", ")}`,
      "Give the path of the one to read.",
    );
  }
  if (found.length === 1) return { state: "downloaded", path: found[0] };
  return {
    state: "missing",
    remedy: `${remedy}, and put it in a folder that LABOR_LLM_DATA names.`,
    unreadable,
  };
}

/**
 * Why a survey cannot be read, and how to get it; undefined where it is available. Looks, but does not read.
 * @param nameOrPath as `readSurvey` takes it
 * @throws UserError as `surveyState`
 */
export function absenceOf(nameOrPath: string): UserError | undefined {
  const named = Object.hasOwn(availableSurveys, nameOrPath) || Object.hasOwn(downloads, nameOrPath);
  if (!named && existsSync(nameOrPath)) return undefined;
  const found = surveyState(nameOrPath);
  if (found.state !== "missing") return undefined;
  const but = found.unreadable === undefined ? "" : ` that can be read (${found.unreadable})`;
  return new UserError(`there is no download of ${nameOrPath}${but}`, found.remedy);
}

const wrongFolder = "LABOR_LLM_DATA is to name a folder that you may read.";

/** What lies in the user's folder and is recognised: files, folders, or the zips in a folder. */
function placesInUserFolder(recognises: Download["recognises"]): { found: string[]; unreadable?: string } {
  const folder = userDataFolder();
  if (folder === undefined || !existsSync(folder)) return { found: [] };
  const look = new Look([recognises]);
  const found = new Map<string, string>();
  const isOne = (path: string) => look.knows(path);
  // The variable may name the download itself.
  const entries = isFolder(folder) ? listed(folder, wrongFolder).map((name) => join(folder, name)) : [folder];
  for (const place of entries) {
    const inside = isFolder(place) ? listedOrNone(place).filter((name) => /\.zip$/i.test(name)) : [];
    const places = isOne(place) ? [place] : inside.map((name) => join(place, name)).filter(isOne);
    // The files of one download share their name up to the ending.
    for (const one of places) found.set(one.replace(/\.[a-z]+(\.gz)?$/i, ""), one);
  }
  return { found: [...found.values()].sort(), unreadable: look.reason?.problem };
}

/** Looks at paths, and remembers the first reason why one cannot be looked into. */
class Look {
  reason: UserError | undefined;

  constructor(private readonly recognisers: readonly Download["recognises"][]) {}

  /** Whether any recogniser knows the path. */
  knows(path: string): boolean {
    return this.recognisers.some((_, i) => this.is(i, path));
  }

  /** Whether the recogniser of that place knows the path. */
  is(recogniser: number, path: string): boolean {
    try {
      return this.recognisers[recogniser](path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.reason ??= error;
      return false;
    }
  }
}

const lookForAll = () => new Look(Object.values(downloads).map(({ recognises }) => recognises));

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
 * Reads a survey by its name (`surveyNames`, and synthetic ones with a break or dealt titles, `syntheticNamed`; a download is looked for in the folder that LABOR_LLM_DATA names), or
 * from a path: the zip, folder or data file of a download of NLS Investigator or of the PSID's Data Center, or a CSV
 * or Parquet file with a row for each person and year (`readLongFormat`).
 * @param map a column map for a CSV or Parquet file (`readMappedPanel`)
 * @param rules rules of the reader, by name, that differ from its own
 * @throws UserError if it is none of these, the file is not as it should be, or the reader has no such rule
 */
export function readSurvey(nameOrPath: string, map?: string, rules: RuleTexts = {}): CareerPanel {
  if (map !== undefined) checkCanBeReadAgain(nameOrPath);
  if (map !== undefined) return readMappedPanel(nameOrPath, map, panelRulesOfText(rules));
  const isMade = Object.hasOwn(availableSurveys, nameOrPath) || syntheticNamed(nameOrPath) !== undefined;
  if (isMade && Object.keys(rules).length > 0) {
    throw new UserError(`${nameOrPath} has no rules that can be set`, "Leave them out.");
  }
  if (Object.hasOwn(availableSurveys, nameOrPath)) return availableSurveys[nameOrPath]();
  const synthetic = syntheticNamed(nameOrPath);
  if (synthetic !== undefined) {
    return { ...syntheticSurvey(synthetic.kind, synthetic.options), name: nameOrPath };
  }
  if (Object.hasOwn(downloads, nameOrPath)) {
    const found = surveyState(nameOrPath);
    if (found.state === "downloaded") return downloads[nameOrPath].read(found.path, rules);
    throw absenceOf(nameOrPath);
  }
  if (!existsSync(nameOrPath)) throw unknownSurvey(nameOrPath);
  checkCanBeReadAgain(nameOrPath);
  const look = lookForAll();
  const surveys = Object.entries(downloads).filter((_, i) => look.is(i, nameOrPath));
  if (surveys.length > 1) {
    throw new UserError(
      `${nameOrPath}: holds more than one survey (${surveys.map(([name]) => name).join(", ")})`,
      "Give the path of the one to read.",
    );
  }
  if (surveys.length === 1) return surveys[0][1].read(nameOrPath, rules);
  if (isTableFile(nameOrPath)) return readMappedPanel(nameOrPath, undefined, panelRulesOfText(rules));
  if (isFolder(nameOrPath)) return readFolder(nameOrPath, rules);
  throw look.reason ?? noSurveyIn(nameOrPath);
}

/** A survey is looked into before it is read: what comes once, or never ends, is none. */
function checkCanBeReadAgain(path: string): void {
  if (!existsSync(path) || isFile(path) || isFolder(path)) return;
  throw new UserError(
    `${path}: a pipe, socket or device, which cannot be read twice`,
    "Write it to a file first.",
  );
}

const fileRemedy =
  "Give a CSV, tab-separated or Parquet file, or the zip, folder or data file of a download of NLS Investigator or the PSID's Data Center.";

/** A file that every reader looked into and none knows. */
function noSurveyIn(path: string): UserError {
  if (!/\.zip$/i.test(path)) return new UserError(`${path}: not a file of a survey`, fileRemedy);
  const names = zipEntries(path).map(({ name }) => name);
  const zips = names.filter((name) => /\.zip$/i.test(name));
  const some = (list: readonly string[]) => `${list.slice(0, 5).join(", ")}${list.length > 5 ? ", …" : ""}`;
  if (names.length === 0)
    return new UserError(`${path}: the zip file is empty`, "Download or copy it again.");
  if (zips.length > 0) {
    return new UserError(
      `${path}: the zip file holds other zip files (${some(zips)})`,
      "Unpack it and give one of them.",
    );
  }
  return new UserError(`${path}: the zip file holds no survey (it holds ${some(names)})`, fileRemedy);
}

/**
 * The files and folders that `readSurvey` would read, those beside a data file included; nothing where there is no
 * such survey. No output may go there.
 */
export function surveyInputs(nameOrPath: string, map?: string): string[] {
  if (map !== undefined) return [nameOrPath, map];
  if (Object.hasOwn(availableSurveys, nameOrPath) || syntheticNamed(nameOrPath) !== undefined)
    return [dataFolder()];
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
function readFolder(path: string, rules: RuleTexts): CareerPanel {
  if (!isFolder(path)) throw new UserError(`${path}: not a file of a survey`, fileRemedy);
  const places = listed(path).map((name) => join(resolve(path), name));
  const look = lookForAll();
  const isTable = (place: string) => isTableFile(place) && !/\.txt(\.gz)?$/i.test(place);
  const found = places.filter((place) => isTable(place) || look.knows(place));
  if (found.length === 1) return readSurvey(found[0], undefined, rules);
  if (found.length === 0)
    throw look.reason ?? new UserError(`${path}: the folder holds no survey`, fileRemedy);
  throw new UserError(
    `${path}: the folder holds more than one survey (${found.join(", ")})`,
    "Give the path of the one to read.",
  );
}

function unknownSurvey(name: string): UserError {
  return new UserError(
    `no survey, file or folder is called ${quote(name)}`,
    `Give a path or one of these names: ${surveyNames.join(", ")}.`,
  );
}
