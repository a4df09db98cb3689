import fc from "fast-check";
import { startEngine } from "labor-llm/dist/engine";
import type { Context } from "mocha";
import { stretchLimit } from "./slowness";

let release: (() => void) | undefined;

export const mochaHooks = {
  /** Every test finds the fastest engine that is there. */
  async beforeAll(this: Context): Promise<void> {
    release = stretchLimit(this.runnable());
    await startEngine();
    release();
  },
  beforeEach(this: Context): void {
    if (this.currentTest !== undefined) release = stretchLimit(this.currentTest);
  },
  afterEach(): void {
    release?.();
  },
};

// The same cases in every run, so that a failure is the code's and not chance's; another seed explores further.
fc.configureGlobal({ seed: Number(process.env.LABOR_LLM_TEST_SEED ?? 1) });
