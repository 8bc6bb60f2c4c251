// The kill tests of alignment: a reference that follows the policy, best weights, a schedule of β; an adapter with dropout and a running δ; rounds of rollouts. The children run built packages.
import { fileURLToPath } from 'node:url';
import { findAddon } from '@ingot/tensor-native';
import { expect, it } from 'vitest';
import { killMany } from '../../packages/core/src/fixtures/kills.js';

const once = fileURLToPath(new URL('align-once.mjs', import.meta.url));
const device = findAddon() ? 'native' : 'reference';
const STEPS = device === 'native' ? '120' : '40';

/** So many kills of each method's run: it always goes on to the same bits and the same log, and its store is whole each time. */
export const killAlignment = (kills: number, seed: number, methods: readonly string[] = ['dpo', 'bco']): void => {
  for (const [i, method] of methods.entries())
    it(`${kills} kills of ${method} on ${device}`, async () => {
      const report = await killMany({
        kills,
        seed: 10 * seed + i,
        victim: 'run',
        every: 10,
        program: (store) => [once, store, device, STEPS, method],
        endOf: (_, { lines }) => lines.find((line) => line.startsWith('done ')),
      });
      console.log(`${method} on ${device}: ${JSON.stringify(report)}`);
      expect(report.kills).toBe(kills);
      expect(report.ends).toBeGreaterThan(0);
    });
};
