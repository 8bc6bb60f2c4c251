// The kill tests of pretraining: on each device that is built here, in the run's own process and in a process of its stage. The children run built packages, as a user's would.
import { fileURLToPath } from 'node:url';
import { findAddon } from '@ingot/tensor-native';
import { afterAll, expect, it } from 'vitest';
// core's own kill tests hold the machinery: it looks into a store's files, which core does not export
import { expectSpread, killMany, type KillReport } from '../../packages/core/src/fixtures/kills.js';

const once = fileURLToPath(new URL('pretrain-once.mjs', import.meta.url));

const here = findAddon() ? 'native' : 'reference';
/** As many as take about as long as a start does, so that random moments fall into either. */
const STEPS = { reference: '160', native: '400' } as const;
const CASES = [
  { device: here, executor: 'inline', victim: 'run', what: `a run on ${here}` },
  ...(here === 'native'
    ? [{ device: 'reference', executor: 'inline', victim: 'run', what: 'a run on reference' } as const]
    : []),
  {
    device: here,
    executor: 'process',
    victim: 'run',
    what: `a run whose stages have processes of their own, on ${here}`,
  },
  { device: here, executor: 'process', victim: 'stage', what: `the process of a run's stage, on ${here}` },
] as const;

/** One test for each sort of kill: `kills` on the fastest device of ours that is built here, `others` on reference beside it and where stages have processes of their own. */
export const killPretraining = (
  { kills, others }: { readonly kills: number; readonly others: number },
  seed: number,
): void => {
  const reports: KillReport[] = [];
  if (here !== 'native') it.skip('native: its addon is not built here: install a C++17 compiler', () => undefined);
  for (const [i, { device, executor, victim, what }] of CASES.entries()) {
    const count = i === 0 ? kills : others;
    it(`${count} kills of ${what}`, async () => {
      const report = await killMany({
        kills: count,
        seed: 10 * seed + i,
        victim,
        every: 10,
        program: (store) => [once, store, device, STEPS[device], executor],
        undisturbed: (store) => [once, store, device, STEPS[device], 'inline'],
        endOf: (_, { lines }) => lines.find((line) => line.startsWith('done ')),
      });
      console.log(`${what}: ${JSON.stringify(report)}`);
      expect(report.kills).toBe(count);
      reports.push(report);
    });
  }
  afterAll(() => expectSpread(reports));
};
