import type { Command } from "commander";
import { UserError } from "../errors";
import { currentSession } from "../session";

interface EngineOptions {
  install?: boolean;
  optional?: boolean;
  verify?: boolean;
  json?: boolean;
}

/** `labor-llm engine` */
export function addEngineCommand(program: Command): void {
  program
    .command("engine")
    .description("show which engine runs the tensors: engine, version, device, threads")
    .option(
      "--install",
      "get TensorFlow's native library first (PyPI's wheel, about 1 GB of disk, once per user)",
    )
    .option("--optional", "with --install: where it cannot be had, say why and go on")
    .option("--verify", "check the SHA-256 of every installed file first")
    .option("--json", "print one JSON object on standard output and nothing else")
    .action(run);
}

async function run(options: EngineOptions): Promise<void> {
  if (options.verify) await verify();
  if (options.install) {
    await install(options.optional === true);
    if (options.optional) return; // set-up wants no report
  }
  const { startEngine } = await import("../engine/index.js");
  const forced = currentSession().engine;
  const info = await startEngine();
  if (options.json) {
    console.log(JSON.stringify(info));
    return;
  }
  const version =
    info.engine === "tensorflow" ? `TensorFlow ${info.version}` : `TensorFlow.js ${info.version}`;
  console.log(`engine   ${info.engine} (${version}, ${info.source})`);
  console.log(`device   ${info.device}`);
  console.log(`threads  ${info.threads}`);
  if (info.engine !== "tensorflow" && forced === undefined) {
    console.log("About ten times faster: npx labor-llm engine --install");
  }
}

async function install(optional: boolean): Promise<void> {
  const { installNative } = await import("../engine/index.js");
  endWithParent();
  try {
    const { folder, fresh } = await installNative((line) => process.stderr.write(`${line}\n`));
    if (fresh) process.stderr.write(`TensorFlow is installed in ${folder}.\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problem = `TensorFlow was not installed: ${error.problem}`;
    if (!optional) throw new UserError(problem, error.remedy);
    process.stderr.write(`${problem}. ${error.remedy ?? ""} Going on with wasm, which is slower.\n`);
  }
}

/** The set-up that started us, and that was killed, wants no installation any more. */
function endWithParent(): void {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel?.unref();
}

async function verify(): Promise<void> {
  const { verifyNative } = await import("../engine/index.js");
  for (const variant of ["cuda", "cpu"] as const) {
    const found = await verifyNative(variant);
    if (found.state === "ready")
      process.stderr.write(`Every file in ${found.folder} is as it was installed.\n`);
    if (found.state !== "damaged") continue;
    throw new UserError(
      `the native engine in ${found.folder} is damaged: ${found.why}`,
      "Delete that folder, then `npx labor-llm engine --install`.",
    );
  }
}
