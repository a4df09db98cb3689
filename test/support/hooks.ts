import { startEngine } from "labor-llm/dist/engine";

/** Every test finds the fastest engine that is there. */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    await startEngine();
  },
};
