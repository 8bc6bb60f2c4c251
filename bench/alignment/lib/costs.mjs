// What a step of SFT and of each method costs: a short run of each in a process of its own, one thread, two rounds in turn; the larger counts.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('cost-once.mjs', import.meta.url));
const ROUNDS = 2;
const STEPS = 14;
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

/** Milliseconds of processor time and peak bytes above the idle process, of SFT and each method with its own settings. */
export const costsOf = (store, settings) => {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
    // A different step count, so that no round is in the store: it changes nothing that is measured.
    sft: once(store, 'sft', { ...quiet, steps: STEPS + round, evalEvery: 100 }),
    ...Object.fromEntries(
      Object.entries(settings).map(([use, how]) => [
        use,
        once(store, 'aligned', { ...how, ...quiet, steps: STEPS + round, watch: { samples: 0 } }, [use]),
      ]),
    ),
  }));
  return Object.fromEntries(
    Object.keys(rounds[0]).map((name) => [
      name,
      Object.fromEntries(
        Object.keys(rounds[0][name]).map((what) => [what, Math.max(...rounds.map((round) => round[name][what]))]),
      ),
    ]),
  );
};
