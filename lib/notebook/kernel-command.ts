/** Options of Node for a kernel: with Node's own 16 MiB for new objects the law's oracle takes a third more time. */
export const nodeOptions: readonly string[] = ["--max-semi-space-size=32"];

/** Colours would land in the notebook. */
export const kernelEnvironment: Readonly<Record<string, string>> = { NO_COLOR: "1" };
