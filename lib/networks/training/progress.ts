/** Where a run is, for a progress bar. */
export interface TrainingProgress {
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  /** Loss of the step, in nats per token. */
  loss: number;
  tokensPerSecond: number;
  secondsLeft: number;
}

/** Speed of this process, for the progress bar only: no result depends on it. */
export class Pace {
  private readonly start = performance.now();
  private steps = 0;
  private tokens = 0;

  add(tokens: number): void {
    this.steps++;
    this.tokens += tokens;
  }

  tokensPerSecond(): number {
    return this.tokens / this.seconds();
  }

  secondsFor(steps: number): number {
    return (steps * this.seconds()) / this.steps;
  }

  private seconds(): number {
    return (performance.now() - this.start) / 1000;
  }
}
