import type { FitProgress } from "../methods";
import { Progress } from "../progress";

/** A progress bar on standard error for fits and predictions: pass it as `onProgress`. */
export function showFit(label: string): FitProgress {
  let bar: Progress | undefined;
  return (done, total, note) => {
    bar ??= new Progress({ label, total, unit: "steps" });
    bar.update(done, note);
    if (done < total) return;
    bar.stop();
    bar = undefined;
  };
}
