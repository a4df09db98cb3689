import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { include_dir as nodeHeaders } from "node-api-headers";
import { UserError } from "../errors";
import { addonFile, addonManifest, muteFile, napiVersion } from "./cache";
import { runChild } from "./child";

const mac = process.platform === "darwin";

/**
 * The C++ compiler: the environment variable CXX, else what the system has.
 * @throws UserError where there is none
 */
export function findCompiler(): string {
  const named = process.env.CXX;
  for (const compiler of named ? [named] : ["c++", "g++", "clang++"]) {
    if (spawnSync(compiler, ["--version"], { stdio: "ignore" }).status === 0) return compiler;
  }
  throw new UserError(
    named ? `the C++ compiler that CXX names (${named}) does not run` : "a C++ compiler is missing",
    "Install one (Debian, Ubuntu: apt install g++; macOS: xcode-select --install).",
  );
}

/**
 * Compiles the addon from the sources in tfjs-node-gpu against TensorFlow's libraries in folder/tensorflow,
 * which it will look for beside itself, wherever the folder is moved to; and the small addon that mutes it.
 * @returns names of the files made in the folder
 * @throws UserError where the compiler fails, with its first error
 */
export async function compileAddons(compiler: string, folder: string): Promise<string[]> {
  const source = join(dirname(addonManifest()), "binding");
  const libraries = join(folder, "tensorflow");
  const names = ["cc", "framework"].map((part) => `libtensorflow_${part}.${mac ? "2.dylib" : "so.2"}`);
  const missing = names.find((name) => !existsSync(join(libraries, name)));
  if (missing !== undefined) throw new Error(`the wheel holds no ${missing}`);
  await compile(compiler, join(folder, addonFile), [
    "-std=c++17",
    ...["-I", join(libraries, "include")],
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(source, file)),
    ...names.map((name) => join(libraries, name)),
    `-Wl,-rpath,${mac ? "@loader_path" : "$ORIGIN"}/tensorflow`,
  ]);
  await compile(compiler, join(folder, muteFile), ["-x", "c", join(__dirname, "../../engine/stderr.c")]);
  return [addonFile, muteFile];
}

async function compile(compiler: string, target: string, options: string[]): Promise<void> {
  const shared = ["-O2", "-fPIC", "-shared", `-DNAPI_VERSION=${napiVersion}`, "-I", nodeHeaders];
  if (mac) shared.push("-undefined", "dynamic_lookup");
  const { status, complaints } = await runChild(compiler, [...shared, ...options, "-o", target]);
  if (status === 0) return;
  const lines = complaints.split("\n").filter((line) => line.trim() !== "");
  const first = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? `status ${status}`;
  throw new UserError(
    `${compiler} does not compile TensorFlow's addon (${first.trim().slice(0, 200)})`,
    "It must know C++17: GCC 8 or Clang 7 and later, named by CXX where it is not the system's.",
  );
}
