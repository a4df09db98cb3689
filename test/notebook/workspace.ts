import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { notebookFromMarkdown, writeNotebook } from "labor-llm/dist/notebook/document";

/** A throw-away project with a notebooks folder, in which cells can import "labor-llm". */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), "labor-llm-test-"));
  readonly figures = join(this.root, "figures", "quick");

  constructor() {
    writeFileSync(join(this.root, "package.json"), "{}");
    symlinkSync(resolve("node_modules"), join(this.root, "node_modules"));
  }

  /** Writes a notebook of code cells and returns its path. */
  notebook(...cells: string[]): string {
    const path = join(this.root, "notebooks", "01-example.ipynb");
    writeNotebook(path, notebookFromMarkdown(cells.map((cell) => `\`\`\`ts\n${cell}\n\`\`\`\n`).join("\n")));
    return path;
  }

  /** Every file of the project with its contents. */
  snapshot(): Record<string, string> {
    // Folder by folder: some versions of Node follow the link to node_modules when they list all at once.
    const list = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? list(path) : entry.isFile() ? [path] : [];
      });
    return Object.fromEntries(
      list(this.root)
        .sort()
        .map((path) => [path, readFileSync(path, "base64")]),
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
