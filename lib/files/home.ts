import { homedir } from "node:os";

/** The user's home folder; undefined where neither HOME nor the system's list of users knows one. */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === "uv_os_homedir") return undefined;
    throw error;
  }
}
