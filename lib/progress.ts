import { MultiBar } from "cli-progress";
import { watchedStages } from "./stages";

/** How a stretch of work is shown. */
export interface ProgressOptions {
  /** What is done, in one or two words: "download". */
  label: string;
  /** Amount of work in the unit; leave out where it is not known beforehand. */
  total?: number;
  /** Unit of the amounts: "MB", "tokens". */
  unit: string;
  /** Seconds between plain lines where standard error is no terminal; the first comes after five at most. Default 15. */
  every?: number;
  /** Milliseconds. Default: the clock. */
  now?: () => number;
}

/**
 * A progress bar on standard error with rate and time left; where standard error is no terminal, a plain line
 * now and then. Standard output stays free for results.
 */
export class Progress {
  private bars: MultiBar | undefined;
  private readonly bar;
  private readonly started: number;
  private nextLine: number;
  private done = 0;

  constructor(private readonly options: ProgressOptions) {
    this.started = this.now();
    this.nextLine = this.started + Math.min(5000, this.every);
    if (!process.stderr.isTTY) return;
    const stages = watchedStages();
    if (stages !== undefined) stages.bars++;
    this.bars = new MultiBar({
      format: (_, parameters) => this.line(parameters.value, true),
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    });
    this.bar = this.bars.create(options.total ?? 1, 0);
  }

  /**
   * @param done amount done so far, in the unit
   * @param note something to show beside it: "loss 2.31"
   */
  update(done: number, note = ""): void {
    this.done = done;
    this.note = note;
    if (this.bar !== undefined) this.bar.update(done);
    else if (this.now() >= this.nextLine) {
      this.nextLine = this.now() + this.every;
      watchedStages()?.said();
      process.stderr.write(`${this.line(done, false)}\n`);
    }
  }

  private note = "";

  /** Takes the bar away. */
  stop(): void {
    if (this.bars === undefined) return;
    this.bars.stop();
    this.bars = undefined;
    const stages = watchedStages();
    if (stages !== undefined && stages.bars > 0) stages.bars--;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private get every(): number {
    return 1000 * (this.options.every ?? 15);
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (this.now() - this.started) / 1000;
  }

  private line(done: number, withBar: boolean): string {
    const { label, total, unit } = this.options;
    const rate = this.done / Math.max(this.seconds, 1e-3);
    const parts = [
      total === undefined ? `${round(done)} ${unit}` : `${round(done)} of ${round(total)} ${unit}`,
    ];
    if (rate > 0) parts.push(`${round(rate)} ${unit}/s`);
    if (total !== undefined && rate > 0 && done < total) parts.push(`${clock((total - done) / rate)} left`);
    if (this.note !== "") parts.push(this.note);
    const filled = Math.min(24, Math.round((24 * done) / (total || 1)));
    const bar = withBar && total !== undefined ? `${"█".repeat(filled)}${"░".repeat(24 - filled)} ` : "";
    return `${label} ${bar}${parts.join(", ")}`;
  }
}

function round(amount: number): string {
  return amount < 10 ? String(Number(amount.toPrecision(2))) : Math.round(amount).toLocaleString("en-US");
}

function clock(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
