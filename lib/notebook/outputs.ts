import { homeFolder } from "../files";
import { isJson, type MimeBundle, type Output } from "./document";
import type { KernelMessage } from "./messages";

/** Gathers what the cells of one notebook publish. */
export class OutputCollector {
  private outputs: Output[] = [];
  /** Everything that the running cell wrote to standard error, message by message. */
  stderr: string[] = [];
  private readonly displays = new Map<string, { data: MimeBundle; metadata: Record<string, unknown> }>();

  /** Starts a cell: what comes from now on is put in `outputs`. */
  startCell(outputs: Output[]): void {
    this.outputs = outputs;
    this.stderr = [];
  }

  add({ header, content }: KernelMessage): void {
    if (header.msg_type === "stream") this.addStream(String(content.name), String(content.text));
    if (header.msg_type === "display_data" || header.msg_type === "execute_result") this.addDisplay(content);
    if (header.msg_type === "update_display_data") this.updateDisplay(content);
  }

  /** Standard error is progress and warnings of the moment, and is not kept. */
  private addStream(name: string, text: string): void {
    if (name === "stderr") {
      this.stderr.push(text);
      return;
    }
    const last = this.outputs.at(-1);
    if (last?.output_type === "stream") last.text += text;
    else this.outputs.push({ output_type: "stream", name: "stdout", text });
  }

  private addDisplay(content: Record<string, unknown>): void {
    const output = {
      output_type: "display_data" as const,
      data: (content.data ?? {}) as MimeBundle,
      metadata: (content.metadata ?? {}) as Record<string, unknown>,
    };
    this.outputs.push(output);
    const id = displayId(content);
    if (id !== undefined) this.displays.set(id, output);
  }

  private updateDisplay(content: Record<string, unknown>): void {
    const shown = this.displays.get(displayId(content) ?? "");
    if (shown === undefined) return;
    shown.data = content.data as MimeBundle;
    shown.metadata = (content.metadata ?? {}) as Record<string, unknown>;
  }
}

function displayId(content: Record<string, unknown>): string | undefined {
  const transient = content.transient as { display_id?: unknown } | undefined;
  return typeof transient?.display_id === "string" ? transient.display_id : undefined;
}

/**
 * Outputs without the paths of this machine: those under the project's folder become relative to it, those
 * under the user's home begin with `~`.
 */
export function withoutMachinePaths(outputs: Output[], projectFolder: string): Output[] {
  const scrub = pathScrubber(projectFolder, homeFolder() ?? "");
  const scrubDeep = (value: unknown): unknown => {
    if (typeof value === "string") return scrub(value);
    if (Array.isArray(value)) return value.map(scrubDeep);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, scrubDeep(content)]));
  };
  return outputs.map((output) => {
    if (output.output_type === "stream") return { ...output, text: scrub(output.text) };
    const data = Object.entries(output.data).map(([type, content]) => [
      type,
      isJson(type) || type.startsWith("text/") || type === "image/svg+xml" ? scrubDeep(content) : content,
    ]);
    return { ...output, data: Object.fromEntries(data) };
  });
}

function pathScrubber(project: string, home: string): (text: string) => string {
  const escaped = (path: string) => path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // A path ends where no further letter of a name follows: /home/ann is no prefix of /home/anna.
  const ofProject = new RegExp(`(?<![\\w.~-])${escaped(project)}(?:/|(?![\\w.-]))`, "g");
  const ofHome = new RegExp(`(?<![\\w.~-])${escaped(home)}(?![\\w.-])`, "g");
  return (text) => {
    const relative = text.replace(ofProject, (found) => (found.endsWith("/") ? "" : "."));
    return home.length > 1 ? relative.replace(ofHome, "~") : relative;
  };
}
