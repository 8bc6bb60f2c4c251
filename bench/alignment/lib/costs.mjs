// What a step of SFT and of each method costs: a short run of each in a process of its own, one thread; its median step counts.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('cost-once.mjs', import.meta.url));
const STEPS = 12;
/** Nothing is watched, so that what is left is the method itself. */
const quiet = { steps: STEPS, batch: 16, heldOut: 0, evalEvery: STEPS + 1 };

const once = (store, label, how, use = []) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, store, label, JSON.stringify(how), ...use], {
    encoding: 'utf8',
    env: { ...process.env, INGOT_THREADS: '1' },
  });
  if (status !== 0) throw new Error(`The cost of '${use[0] ?? label}' was not measured: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
};

/** What a step of a method works on: rows of feedback, or answers, which it draws as well. */
const rowsOf = ({ batch, generations = 1, iterations = 1 }) => (batch * generations) / iterations;
const online = (how) => how.generations !== undefined;

/** Milliseconds of processor time and peak bytes above the idle process, of SFT and each method with its own settings. Wants a store that has not seen these short runs. */
export const costsOf = (store, settings) => ({
  sft: { rows: quiet.batch, ...once(store, 'sft', { ...quiet, evalEvery: 100 }) },
  ...Object.fromEntries(
    Object.entries(settings).map(([use, how]) => {
      const short = { ...how, ...quiet, watch: { samples: 0 }, ...(online(how) && { batch: how.batch }) };
      const measured = once(store, 'aligned', short, [use]);
      const rows = online(how) ? rowsOf(how) : quiet.batch;
      return [use, { rows, ...(online(how) && { steps: how.steps }), ...measured }];
    }),
  ),
});
