import { join } from "node:path";
import { writeFileAtomically } from "../files/atomic";

/**
 * Registers tslab's kernel with a Jupyter that looks for data under `prefix`/share/jupyter (a virtual environment's
 * folder, or `~/.local`), so that JupyterLab, VS Code and nbclient open our notebooks. It runs with this Node and
 * this project's tslab, which must stay where they are.
 * @returns the kernelspec's file
 */
export function registerKernel(prefix: string): string {
  const tslab = join(require.resolve("tslab/package.json"), "..", "bin", "tslab");
  const path = join(prefix, "share", "jupyter", "kernels", "tslab", "kernel.json");
  const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
  const spec = { argv, display_name: "TypeScript", language: "typescript" };
  writeFileAtomically(path, `${JSON.stringify(spec, null, 1)}\n`);
  return path;
}
