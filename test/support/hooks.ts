import fc from "fast-check";
import { startEngine } from "labor-llm/dist/engine";

/** Every test finds the fastest engine that is there. */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    await startEngine();
  },
};

// The same cases in every run, so that a failure is the code's and not chance's; another seed explores further.
fc.configureGlobal({ seed: Number(process.env.LABOR_LLM_TEST_SEED ?? 1) });
