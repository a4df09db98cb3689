import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../files";
import { kernelEnvironment, nodeOptions } from "./kernel-command";

/** Jupyter's name of the kernel: what the metadata of our notebooks ask for. */
const NAME = "tslab";

/** A kernel spec as Jupyter reads it (jupyter_client, "Kernel specs"). */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode?: "signal" | "message";
  env?: Record<string, string>;
  metadata?: Record<string, unknown>;
}

/** The kernel's spec: this Node and this project's kernel, by absolute paths, so that nothing has to be on PATH. */
export function kernelSpec(): KernelSpec {
  const program = join(__dirname, "reproduce", "jupyter-kernel.js");
  return {
    argv: [process.execPath, ...nodeOptions, program, "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    env: { ...kernelEnvironment },
    metadata: { "labor-llm": (require("../../package.json") as { version: string }).version },
  };
}

/** The file of the kernel's spec within one of Jupyter's data folders. */
export function kernelFile(dataFolder: string): string {
  return join(dataFolder, "kernels", NAME, "kernel.json");
}

/** What stands in a kernel's file; undefined where there is none that can be read. */
export function readKernelSpec(file: string): KernelSpec | undefined {
  try {
    const spec = JSON.parse(readFileSync(file, "utf8")) as KernelSpec;
    return Array.isArray(spec?.argv) ? spec : undefined;
  } catch {
    return undefined;
  }
}

/** Whether we wrote a spec, this project or another copy of it. */
export function isOurs(spec: KernelSpec): boolean {
  return spec.metadata?.["labor-llm"] !== undefined;
}

/**
 * Registers the kernel in one of Jupyter's data folders, so that JupyterLab, VS Code and nbclient open our notebooks. This
 * project must stay where it is.
 * @returns the file of its spec
 */
export function registerKernel(dataFolder: string): string {
  const file = kernelFile(dataFolder);
  writeFileAtomically(file, `${JSON.stringify(kernelSpec(), null, 1)}\n`);
  return file;
}

/** Takes the kernel out of one of Jupyter's data folders. @returns false where none of ours is there */
export function removeKernel(dataFolder: string): boolean {
  const file = kernelFile(dataFolder);
  const spec = existsSync(file) ? readKernelSpec(file) : undefined;
  if (spec === undefined || !isOurs(spec)) return false;
  rmSync(join(file, ".."), { recursive: true });
  return true;
}
