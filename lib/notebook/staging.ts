import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  asUserError,
  makeFolder,
  markPattern,
  outputFile,
  ownMark,
  sweepLeftovers,
  writeFileAtomically,
} from "../files";

const abandoned = new RegExp(`^\\.staging-(${markPattern})-[0-9a-f]{8}$`);

/** A folder inside the destination in which a run puts its files until it has succeeded. */
export class Staging {
  readonly folder: string;
  private readonly made: string;

  /** @throws UserError where the destination cannot be written */
  constructor(private readonly destination: string) {
    this.folder = join(destination, `.staging-${ownMark()}-${randomBytes(4).toString("hex")}`);
    try {
      this.made = makeFolder(this.folder) ?? this.folder;
    } catch (error) {
      throw asUserError(destination, error);
    }
    sweepLeftovers(destination, abandoned); // what runs left that were killed before they could discard
  }

  /** Moves the files to the destination and returns their paths there, sorted. */
  commit(): string[] {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)))
      .sort();
    const paths = files.map((file) => join(this.destination, file));
    try {
      files.forEach((file, i) => {
        makeFolder(dirname(paths[i]));
        moveFile(join(this.folder, file), paths[i]);
      });
    } catch (error) {
      throw asUserError(this.destination, error);
    }
    rmSync(this.folder, { recursive: true, force: true });
    return paths;
  }

  /** Forgets the files, and the folders that were made for them and hold nothing else. */
  discard(): void {
    rmSync(this.folder, { recursive: true, force: true });
    try {
      for (let folder = this.folder; folder !== this.made; ) {
        folder = dirname(folder);
        rmdirSync(folder);
      }
    } catch {
      // Not empty: another run has put something there.
    }
  }
}

/** Replaces a file by another, through a link to what it leads to. @throws UserError for a device, pipe or folder */
function moveFile(from: string, to: string): void {
  const target = outputFile(to);
  if (dirname(target) === dirname(to)) renameSync(from, target);
  else writeFileAtomically(target, readFileSync(from)); // on another disk perhaps
}
