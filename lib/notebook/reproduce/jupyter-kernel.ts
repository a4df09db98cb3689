/**
 * The program of a kernel that Jupyter starts: the kernel of `reproduce`, told what `reproduce` tells its kernels.
 * Argument: the connection file. Jupyter makes the notebook's folder the working folder.
 */
import { UserError } from "../../errors";
import { engineThreads, type Profile, profiles } from "../../experiments";
import { currentSession } from "../../session";

const { env } = process;
delete env.FORCE_COLOR;
for (const [name, value] of Object.entries(engineThreads(profileOfKernel()))) {
  env[name] ??= value; // TensorFlow reads it when it loads
}
require("../kernel-process");

/** A session that is none, and an unknown profile, are refused by the cell that asks. */
function profileOfKernel(): Pick<Profile, "threads"> {
  try {
    return profiles[currentSession().profile]?.() ?? {};
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
}
