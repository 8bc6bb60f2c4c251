// Runs stages in this process.
import type { Executor } from './executor.js';
import { perform } from './perform.js';

/** Every stage can run here; a long synchronous step keeps the process busy. */
export const inlineExecutor = (): Executor => ({
  name: 'inline',
  refusal: () => undefined,
  perform: (job) => perform(job),
});
