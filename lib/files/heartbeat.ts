import { Worker } from "node:worker_threads";

/** Milliseconds between two beats. */
export const BEAT = 2000;

/** A thread of its own: an operation of TensorFlow can hold the other one for minutes. */
const program = `
const { parentPort } = require("node:worker_threads");
const { utimes } = require("node:fs");
const paths = new Set();
parentPort.on("message", ({ path, beats }) => (beats ? paths.add(path) : paths.delete(path)));
setInterval(() => {
  const now = new Date();
  for (const path of paths) utimes(path, now, now, () => {});
}, ${BEAT});
`;

let thread: Worker | undefined;

/** Touches a file every two seconds as long as this process lives. @returns what ends it */
export function startHeartbeat(path: string): () => void {
  if (thread === undefined) {
    thread = new Worker(program, { eval: true, execArgv: [], name: "heartbeat" });
    thread.on("error", () => {
      thread = undefined; // without it a waiting process elsewhere may take over too soon; the work itself goes on
    });
    thread.unref();
  }
  thread.postMessage({ path, beats: true });
  return () => thread?.postMessage({ path, beats: false });
}
