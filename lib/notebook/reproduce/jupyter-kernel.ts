/**
 * The program of a kernel that Jupyter starts: the kernel of `reproduce`, told what `reproduce` tells its kernels.
 * Argument: the connection file. Jupyter makes the notebook's folder the working folder.
 */
import { engineThreads, profiles } from "../../experiments";

const { env } = process;
delete env.FORCE_COLOR;
const profile = profiles[env.LABOR_LLM_PROFILE || "quick"]?.(); // an unknown one is refused by the cell that asks
for (const [name, value] of Object.entries(profile === undefined ? {} : engineThreads(profile))) {
  env[name] ??= value; // TensorFlow reads it when it loads
}
require("../kernel-process");
