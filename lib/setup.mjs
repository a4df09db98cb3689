// Makes a fresh clone ready to run: packages, build, engine. Uses only what Node brings, for nothing else is
// there yet; does nothing, quickly and silently, when all is there.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyPackageFiles } from "./package-files.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stampFile = join(root, "lib/dist/.sources.json");

checkNode();
await installPackages();
await build();
copyPackageFiles();
await installEngine();

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  end(
    2,
    `Node ${process.versions.node} is too old: 20.19 or later is needed. See nodejs.org, or nvm install 22.`,
  );
}

/** `npm ci`, unless what is installed is what package-lock.json says. */
async function installPackages() {
  if (packagesAreInstalled()) return;
  console.error("Installing the packages (npm ci).");
  const ours = process.env.npm_execpath?.endsWith("npm-cli.js");
  const [command, ...options] = ours ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const ci = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(
    command,
    [...options, ...ci],
    "npm ci failed. Check the network and npm's settings, then run again.",
    2,
  );
}

function packagesAreInstalled() {
  const wanted = readJson("package-lock.json")?.packages;
  const found = readJson("node_modules/.package-lock.json")?.packages; // what npm put there
  if (wanted === undefined || found === undefined) return false;
  if (!existsSync(join(root, "node_modules/labor-llm/package.json"))) return false;
  const external = (path) => path.includes("node_modules/");
  // Optional ones are for other platforms.
  const missing = Object.entries(wanted).some(
    ([path, { link, optional, devOptional, version }]) =>
      external(path) && !link && !optional && !devOptional && found[path]?.version !== version,
  );
  return !missing && Object.keys(found).every((path) => !external(path) || path in wanted);
}

/** `tsc -b`, unless no source changed since the last time. */
async function build() {
  const now = sources();
  const before = readJson("lib/dist/.sources.json");
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return;
  if (before === undefined || Object.keys(before).some((path) => !(path in now))) {
    // What was compiled from a file that is gone would still run.
    for (const output of ["lib/dist", "test/.build"])
      rmSync(join(root, output), { recursive: true, force: true });
  }
  console.error("Building.");
  // By itself tsc goes by times, and would not see a file that was put back with an older one.
  await run(process.execPath, ["node_modules/typescript/bin/tsc", "-b", "--force"], "the build failed", 1);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify(now));
}

/** Path, size and time of everything that the build reads. */
function sources() {
  const found = {};
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    found[path] = `${size} ${mtimeMs}`;
  };
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !["dist", ".build", "node_modules", "fixtures"].includes(entry.name))
        walk(path);
      else if (entry.isFile() && /\.(ts|json)$/.test(entry.name)) add(path);
    }
  };
  for (const path of ["package-lock.json", "tsconfig.json", "tsconfig.base.json"]) add(path);
  for (const folder of ["lib", "test"]) walk(folder);
  return found;
}

/** TensorFlow's native library, unless it is there or was declined; without it the run goes on with wasm. */
async function installEngine() {
  const built = createRequire(import.meta.url);
  if (["wasm", "cpu"].includes(engineOfSession(built("./dist/session.js")))) return;
  const { findAddons } = built("./dist/engine/addons.js");
  if (findAddons().addons.length > 0) return;
  await run(process.execPath, ["lib/bin/labor-llm.js", "engine", "--install", "--optional"]);
}

function engineOfSession({ currentSession }) {
  try {
    return currentSession().engine;
  } catch (error) {
    end(2, error.message);
  }
}

/**
 * Output goes to standard error: standard output belongs to the command that follows. A signal goes on to the command,
 * and our own commands end when the channel to us closes, however we went.
 */
async function run(command, args, problem = "", status = 1) {
  const shell = process.platform === "win32" && command === "npm";
  const ran = spawn(command, args, { cwd: root, stdio: ["inherit", 2, 2, "ipc"], shell });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const pass = (signal) => ran.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  const [code, signal] = await new Promise((resolve) => {
    ran
      .on("error", (error) => resolve([`${command}: ${error.message}`]))
      .on("close", (...how) => resolve(how));
  });
  for (const one of signals) process.removeListener(one, pass);
  if (signal) process.kill(process.pid, signal);
  if (code !== 0) end(problem ? status : Number(code) || 1, problem);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8"));
  } catch {
    return undefined;
  }
}

function end(status, line) {
  if (line) console.error(line);
  process.exit(status);
}
