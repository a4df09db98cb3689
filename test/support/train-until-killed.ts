/** A process that trains in a folder and kills itself, without warning, after a number of steps. */
import { startEngine } from "labor-llm/dist/engine";
import { decoderTrainable } from "labor-llm/dist/training/decoder-trainable";
import { train } from "labor-llm/dist/training/train";
import { trainingRun } from "./training-run";

async function main(folder: string, steps: number): Promise<void> {
  await startEngine();
  const { decoder, data, options } = trainingRun();
  let done = 0;
  await train(decoderTrainable(decoder), data, options, {
    folder,
    checkpointEvery: 3,
    onProgress: () => {
      if (++done === steps) process.kill(process.pid, "SIGKILL");
    },
  });
}

void main(process.argv[2], Number(process.argv[3]));
