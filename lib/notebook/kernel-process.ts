/**
 * The program of a kernel process: tslab's TypeScript kernel, tied to the life of the process that started it.
 * Arguments: the connection file. The working folder is the notebook's.
 */
import { Worker } from "node:worker_threads";
import { startKernel } from "tslab/dist/main";

const [, , configPath] = process.argv;
// tslab holds one timer, and a folder that comes or goes while a cell runs asks TypeScript for a second: the kernel would end
// with "Unexpected pending rebuildTimer". Packages that are installed while a kernel runs are seen once it is restarted.
const { sys } = require(
  require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab/dist/main")] }),
) as typeof import("typescript");
sys.watchDirectory = () => ({ close: () => {} });

if (process.send !== undefined) {
  // A runner that was killed cannot shut its kernel down; the closed channel says so.
  process.on("disconnect", () => process.exit(1));
  process.on("message", () => process.send?.({ peakMemory: process.resourceUsage().maxRSS * 1024 }));
  process.channel?.unref();
}
if (process.platform !== "win32") {
  // Nor is the closed channel seen by a cell that never pauses: a thread looks whether the parent is still ours, and
  // ends the kernel with what its cells started, which is a process group of its own.
  const watch = `const parent = ${process.ppid};
setInterval(() => {
  if (process.ppid === parent) return;
  try { process.kill(-process.pid, "SIGKILL"); } catch { process.kill(process.pid, "SIGKILL"); }
}, 1000);`;
  new Worker(watch, { eval: true, execArgv: [] }).unref();
}
startKernel({ configPath, enableFindLocal: false });
