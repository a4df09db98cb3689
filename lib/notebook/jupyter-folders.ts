import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { UserError } from "../errors";

/** Jupyter's data folder of the user, by Jupyter's own rules (jupyter_core.paths.jupyter_data_dir). */
export function jupyterOfUser(
  environment: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
  home = homedir,
): string {
  const { JUPYTER_DATA_DIR, JUPYTER_CONFIG_DIR, APPDATA, LOCALAPPDATA, XDG_DATA_HOME } = environment;
  const platformDirs = /^(1|true|yes|on)$/i.test(environment.JUPYTER_PLATFORM_DIRS ?? "");
  if (JUPYTER_DATA_DIR) return resolve(JUPYTER_DATA_DIR);
  if (platform === "darwin") {
    return join(home(), "Library", ...(platformDirs ? ["Application Support", "jupyter"] : ["Jupyter"]));
  }
  if (platform === "win32") {
    if (platformDirs && LOCALAPPDATA) return join(LOCALAPPDATA, "jupyter");
    if (APPDATA) return join(APPDATA, "jupyter");
    return join(JUPYTER_CONFIG_DIR || join(home(), ".jupyter"), "data");
  }
  return join(XDG_DATA_HOME || join(home(), ".local", "share"), "jupyter");
}

/** Jupyter's data folder under a prefix: `sys.prefix` of a Python, or the folder of an environment. */
export function jupyterOfPrefix(prefix: string): string {
  return join(resolve(prefix), "share", "jupyter");
}

/** All of Jupyter's data folders that are known without asking it, and those of a Python's environment. */
export function jupyterFolders(python?: string): string[] {
  const { JUPYTER_PATH, PROGRAMDATA, VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  const environments = [VIRTUAL_ENV, CONDA_PREFIX, python === undefined ? undefined : prefixOf(python)];
  const windows = process.platform === "win32";
  const system = windows
    ? [join(PROGRAMDATA ?? "", "jupyter")]
    : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  const folders = [
    ...(JUPYTER_PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
    ...environments.flatMap((prefix) => (prefix ? [jupyterOfPrefix(prefix)] : [])),
    jupyterOfUser(),
    ...system,
  ];
  return [...new Set(folders)];
}

/**
 * `sys.prefix` of a Python: its virtual environment's folder where it has one.
 * @param python a program; by default the active environment's folder as it is, or python3
 * @throws UserError where it does not run
 */
export function prefixOf(python?: string): string {
  const active = process.env.VIRTUAL_ENV || process.env.CONDA_PREFIX;
  if (python === undefined && active) return active;
  return answerOf(python, "import sys; print(sys.prefix)");
}

/** The user's data folder as a Python's own Jupyter has it. @throws UserError where it has none */
export function userFolderOf(python: string): string {
  return answerOf(python, "from jupyter_core.paths import jupyter_data_dir; print(jupyter_data_dir())");
}

function answerOf(python = process.platform === "win32" ? "python" : "python3", program: string): string {
  const { status, stdout, stderr, error } = spawnSync(python, ["-c", program], { encoding: "utf8" });
  if (status === 0) return stdout.trim();
  const why = error?.message ?? stderr.trim().split("\n").at(-1) ?? `it ended with ${status}`;
  throw new UserError(
    `${python} does not answer (${why})`,
    "Name the Python that Jupyter runs with by --python, or a folder by --prefix.",
  );
}
