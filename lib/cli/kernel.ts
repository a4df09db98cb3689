import { type Command, Option } from "commander";

interface Place {
  user?: boolean;
  sysPrefix?: boolean;
  prefix?: string;
  python?: string;
}

/** Adds `labor-llm kernel install`, `list` and `uninstall` to the command line. */
export function registerKernelCommands(program: Command): void {
  const kernel = program
    .command("kernel")
    .description("the notebooks' kernel for JupyterLab, VS Code and others");
  const withPlace = (command: Command) =>
    command
      .addOption(
        new Option("--user", "for you, whichever Python Jupyter runs with (default)").conflicts([
          "sysPrefix",
          "prefix",
        ]),
      )
      .addOption(
        new Option("--sys-prefix", "in the Python environment alone that --python names").conflicts("prefix"),
      )
      .option("--prefix <folder>", "in FOLDER/share/jupyter")
      .option(
        "--python <program>",
        "the Python that Jupyter runs with; by default the active environment's, or python3",
      );
  withPlace(kernel.command("install"))
    .description(
      "register the kernel with Jupyter, so that it opens the notebooks; this folder must stay here",
    )
    .action(install);
  withPlace(kernel.command("uninstall"))
    .description("take the kernel out of Jupyter again")
    .action(uninstall);
  kernel
    .command("list")
    .description("the kernels of the notebooks' name that Jupyter may find, and what they start")
    .option("--python <program>", "look in the environment of this Python too")
    .action(list);
}

async function install(place: Place): Promise<void> {
  const { isOurs, kernelFile, readKernelSpec, registerKernel } = await import("../notebook/index.js");
  const folder = await placeOf(place);
  const before = readKernelSpec(kernelFile(folder));
  const file = registerKernel(folder);
  const replaced = before === undefined || isOurs(before) ? "" : `, in place of ${before.argv.join(" ")}`;
  process.stdout.write(`The kernel "TypeScript" (tslab) is registered: ${file}${replaced}\n`);
}

async function uninstall(place: Place): Promise<void> {
  const { kernelFile, removeKernel } = await import("../notebook/index.js");
  const { UserError } = await import("../errors.js");
  const folder = await placeOf(place);
  if (!removeKernel(folder)) {
    throw new UserError(
      `${kernelFile(folder)} is not a kernel that labor-llm registered`,
      "`npx labor-llm kernel list` shows where there is one.",
    );
  }
  process.stdout.write(`${kernelFile(folder)} is taken away\n`);
}

async function list({ python }: { python?: string }): Promise<void> {
  const { isOurs, kernelFile, kernelSpec, readKernelSpec } = await import("../notebook/index.js");
  const { jupyterFolders } = await import("../notebook/index.js");
  const own = kernelSpec().argv.join(" ");
  const found = jupyterFolders(python).flatMap((folder) => {
    const spec = readKernelSpec(kernelFile(folder));
    if (spec === undefined) return [];
    const command = spec.argv.join(" ");
    const whose =
      command === own ? "this project" : isOurs(spec) ? "another copy of labor-llm" : "another program";
    return [`${kernelFile(folder)}\n  ${whose}: ${command}`];
  });
  const none = "No kernel is registered. `npx labor-llm kernel install` registers it.";
  process.stdout.write(`${found.length === 0 ? none : found.join("\n")}\n`);
}

/** Jupyter's data folder that the options mean. */
async function placeOf({ sysPrefix, prefix, python }: Place): Promise<string> {
  const { jupyterOfPrefix, jupyterOfUser, prefixOf, userFolderOf } = await import("../notebook/index.js");
  if (prefix?.trim() === "") {
    const { UserError } = await import("../errors.js");
    throw new UserError("--prefix names no folder", "Give the folder that has, or will have, share/jupyter.");
  }
  if (prefix !== undefined) return jupyterOfPrefix(prefix);
  if (sysPrefix) return jupyterOfPrefix(prefixOf(python));
  return python === undefined ? jupyterOfUser() : userFolderOf(python);
}
