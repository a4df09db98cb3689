import { Progress } from "../progress";
import type { TrainingProgress } from "../training/progress";

/** A progress bar on standard error for a training run: pass it as `onProgress`. */
export function showTraining(label: string): (progress: TrainingProgress) => void {
  let bar: Progress | undefined;
  return ({ epoch, epochs, step, steps, loss, tokensPerSecond }) => {
    bar ??= new Progress({ label, total: steps, unit: "steps" });
    const pace = `${Math.round(tokensPerSecond)} tokens/s`;
    bar.update(step, `epoch ${epoch}/${epochs}, ${pace}, loss ${loss.toFixed(3)}`);
    if (step === steps) bar.stop();
  };
}

/** A progress bar on standard error for predictions: pass it as `onProgress`. */
export function showPredictions(label: string): (done: number, total: number) => void {
  let bar: Progress | undefined;
  return (done, total) => {
    bar ??= new Progress({ label, total, unit: "person-years" });
    bar.update(done);
    if (done === total) bar.stop();
  };
}
