// kill -9 at eight moments of the stage `rollouts`: it goes on after the last round that is saved, and ends in the same answers, scores and log. The children run built packages.
import { fileURLToPath } from 'node:url';
import { findAddon } from '@ingot/tensor-native';
import { expect, it } from 'vitest';
import { killMany } from '../../packages/core/src/fixtures/kills.js';

const once = fileURLToPath(new URL('draw-once.mjs', import.meta.url));
const device = findAddon() ? 'native' : 'reference';
const KILLS = 8;

it(`${KILLS} kills of rollouts on ${device}`, async () => {
  const report = await killMany({
    kills: KILLS,
    seed: 50,
    victim: 'run',
    every: 1, // each of the first ten rounds is saved
    program: (store) => [once, store, device],
    endOf: (_, { lines }) => lines.find((line) => line.startsWith('done ')),
  });
  console.log(`rollouts on ${device}: ${JSON.stringify(report)}`);
  expect(report.kills).toBe(KILLS);
  expect(report.ends).toBeGreaterThan(0);
  expect(report.resumed).toBeGreaterThan(0);
});
