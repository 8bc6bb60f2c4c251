// The JSON view: every event of the run is one line on standard output; the command adds the last line itself.
import type { Io } from '../io.js';
import type { View } from './view.js';

/** One JSON object a line: the plan, then each event as core tells it. */
export const jsonView = (io: Io): View => ({
  plan: (name, stages) =>
    io.out(
      `${JSON.stringify({ type: 'plan', name, stages: stages.map(({ id, stage, key, hit, why, predicted }) => ({ id, stage, key, hit, why, ...(predicted ? { predicted } : {}) })) })}\n`,
    ),
  event: (event) => io.out(`${JSON.stringify(event)}\n`),
  say: () => {},
  close: () => {},
});
