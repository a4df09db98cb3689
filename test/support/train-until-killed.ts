/**
 * A process that trains in a folder and kills itself, without warning, after a number of events: a step is one, and
 * so is each call by which a checkpoint is written or an older one removed. Prints the number of each step.
 */
import fs from "node:fs";
import { startEngine } from "labor-llm/dist/engine";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { train } from "labor-llm/dist/networks/training/train";
import { trainingRun } from "./training-run";

const { writeSync } = fs;
const calls = ["openSync", "writeSync", "fsyncSync", "renameSync", "rmSync"] as const;

async function main(folder: string, events: number): Promise<void> {
  await startEngine();
  const { decoder, data, options } = trainingRun();
  let done = 0;
  const event = () => {
    if (++done === events) process.kill(process.pid, "SIGKILL");
  };
  for (const name of calls) {
    const call = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        event();
        return call(...args);
      },
    });
  }
  await train(decoderTrainable(decoder), data, options, {
    folder,
    checkpointEvery: 3,
    onProgress({ step }) {
      writeSync(1, `${step}\n`);
      event();
    },
  });
}

void main(process.argv[2], Number(process.argv[3]));
