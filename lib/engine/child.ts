import { spawn } from "node:child_process";
import { whileEnding } from "../files";
import { childEnvironment } from "../session";

/** How a command ended. */
export interface Ended {
  /** Undefined where a signal ended it. */
  status: number | undefined;
  /** What it wrote to standard error. */
  complaints: string;
}

/**
 * Runs a command, the arguments of this script, and ends it, with all that it started, when standard input closes:
 * when our process is gone, however it went. All are of one process group, which the shell leads.
 */
const guard = `exec 3<&0
"$@" </dev/null 3<&- &
command=$!
( while read -r line; do :; done <&3; kill -KILL 0 ) >/dev/null 2>&1 &
watcher=$!
wait $command
ended=$?
exec 2>/dev/null # some shells say whom they killed
kill -KILL $watcher
exit $ended`;

/**
 * Runs a command that ends with this process, also where that is killed; on Windows, unless that is killed.
 * @throws as `spawn`, where there is no such command
 */
export async function runChild(
  command: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv = childEnvironment(),
): Promise<Ended> {
  const windows = process.platform === "win32";
  const [run, args] = windows ? [command, options] : ["/bin/sh", ["-c", guard, "sh", command, ...options]];
  const child = spawn(run, args, { env, stdio: ["pipe", "ignore", "pipe"], detached: !windows });
  const forget = whileEnding(() => {
    try {
      process.kill(windows ? child.pid! : -child.pid!, "SIGKILL");
    } catch {
      // It has ended, or never began.
    }
  });
  let complaints = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    return { status: status ?? undefined, complaints };
  } finally {
    forget();
  }
}
