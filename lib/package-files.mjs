// Puts into the package what lies beside it in the repository and is read at run time or must go with it: the data
// folder (to dist/data, without the scripts that made it) and the licence. git ignores both copies, and the
// repository's own code reads the originals. Run by the build, and by npm before it packs.
import { copyFileSync, cpSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const own = dirname(fileURLToPath(import.meta.url));
const repository = dirname(own);

/** Copies what is not the same already. */
export function copyPackageFiles() {
  const [from, to] = [join(repository, "data"), join(own, "dist", "data")];
  if (listing(from) !== listing(to)) {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, preserveTimestamps: true, filter: isPacked });
  }
  const licence = join(own, "LICENSE");
  if (statSync(licence, { throwIfNoEntry: false }) === undefined)
    copyFileSync(join(repository, "LICENSE"), licence);
}

function isPacked(path) {
  return !path.startsWith(join(repository, "data", "scripts"));
}

/** Path, size and time of each file of a folder, from it; empty where it is not there. */
function listing(folder) {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return "";
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    isPacked(join(folder, name)),
  );
  const facts = files.sort().map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return statSync(join(folder, name)).isFile() ? `${name} ${size} ${Math.floor(mtimeMs / 1000)}` : name;
  });
  return facts.join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) copyPackageFiles();
