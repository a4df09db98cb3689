/** Tells how much of a stage is done, in its unit; may be called as often as there is something to tell. */
export type Step = (done: number) => void;

export interface StagesOptions {
  /** Takes a line, its end included. Default: standard error. */
  write?: (line: string) => void;
  /** Milliseconds. Default: the clock. */
  now?: () => number;
  /** Seconds without a line after which there is one. Default 5. */
  silence?: number;
}

/** Says now and then which stage of long work is under way, and how much of it is done. */
export class Stages {
  private readonly write: (line: string) => void;
  private readonly now: () => number;
  private readonly silence: number;
  private last: number;
  /** Progress bars that are on the terminal, which a line would tear. */
  bars = 0;

  constructor(options: StagesOptions = {}) {
    this.write = options.write ?? ((line) => void process.stderr.write(line));
    this.now = options.now ?? Date.now;
    this.silence = 1000 * (options.silence ?? 5);
    this.last = this.now();
  }

  /** Somebody else printed a line. */
  said(): void {
    this.last = this.now();
  }

  /** Begins a stage; where it was silent long enough before, its name is said at once. */
  begin(label: string, total: number | undefined, unit: string): Step {
    const step = (done: number) => {
      if (this.bars > 0 || this.now() - this.last < this.silence) return;
      this.said();
      const amount = (n: number) =>
        (n < 10 ? Number(n.toPrecision(2)) : Math.round(n)).toLocaleString("en-US");
      const of = total === undefined ? "" : ` of ${amount(total)}`;
      this.write(`${`${label}: ${amount(done)}${of} ${unit}`.trimEnd()}\n`);
    };
    step(0);
    return step;
  }
}

let watched: Stages | undefined;

/** From now on the stages of this process are told; a library is silent until then. @returns stops it */
export function watchStages(stages: Stages = new Stages()): () => void {
  watched = stages;
  return () => {
    watched = undefined;
  };
}

/** Who tells the stages of this process, if anybody does. */
export function watchedStages(): Stages | undefined {
  return watched;
}

/**
 * A stage of long work that lies too deep for an `onProgress`: reading, hashing, tokenizing, passes of a network.
 * @param label what is done: "reading the weights"
 * @param unit of the amounts: "MB"
 */
export function stage(label: string, total: number | undefined, unit: string): Step {
  return watched?.begin(label, total, unit) ?? (() => {});
}
