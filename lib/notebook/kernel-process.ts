/**
 * The program of a kernel process: tslab's TypeScript kernel, tied to the life of the process that started it.
 * Arguments: the connection file. The working folder is the notebook's.
 */
import { startKernel } from "tslab/dist/main";

const [, , configPath] = process.argv;
if (process.send !== undefined) {
  // A runner that was killed cannot shut its kernel down; the closed channel says so.
  process.on("disconnect", () => process.exit(1));
  process.on("message", () => process.send?.({ peakMemory: process.resourceUsage().maxRSS * 1024 }));
  process.channel?.unref();
}
startKernel({ configPath, enableFindLocal: false });
