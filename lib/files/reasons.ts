/** What is done with a path. */
export type Doing = "read" | "write";

/** Why the system refuses a path, in words, by the code of Node's error. A code that is not here is a bug of ours. */
const reasons: Readonly<Record<string, string | Record<Doing, string>>> = {
  EACCES: { read: "no permission to read it", write: "no permission to write there" },
  EPERM: { read: "no permission to read it", write: "no permission to write there" },
  EROFS: "the file system is read-only",
  ENOENT: { read: "no such file", write: "there is no such folder, and none can be made" },
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "a part of the path is a file, not a folder",
  EISDIR: { read: "a folder, not a file", write: "a folder stands in its place" },
  ENOTEMPTY: "a folder that is not empty stands in its place",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is larger than the file system allows",
  EOVERFLOW: "the file is larger than this system can open",
  EBUSY: "it is in use by the system or another program",
  ETXTBSY: "it is a program that runs",
  ENAMETOOLONG: "a name in the path is too long",
  ELOOP: "its symbolic links lead in a circle",
  EINVAL: "the file system does not take it",
  EILSEQ: "the file system does not take that name",
  EXDEV: "its folder lies on more than one file system",
  EMLINK: "there are too many links to it",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open on this machine",
  EIO: "the disk reports an error",
  ENXIO: "no such device",
  ENODEV: "no such device",
  ESTALE: "the network file system has lost it",
  ETIMEDOUT: "the network file system does not answer",
  ENOTSUP: "the file system cannot do that",
  EOPNOTSUPP: "the file system cannot do that",
};

/** Why the system refused to read or write a path; undefined where the error is of another kind. */
export function reasonOf(error: unknown, doing: Doing): string | undefined {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  if (code === "ERR_INVALID_ARG_VALUE" && message.includes("null bytes")) return "the path holds a NUL byte";
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return typeof reason === "object" ? reason[doing] : reason;
}
