import { readdirSync } from "node:fs";
import { sep } from "node:path";

/** The Markdown documents of the repository that tell how to use it. The changelog tells what was. */
export function documents(): string[] {
  const data = readdirSync("data", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `data/${path.split(sep).join("/")}`);
  return ["README.md", "environment.md", "lib/README.md", ...data.sort()];
}
