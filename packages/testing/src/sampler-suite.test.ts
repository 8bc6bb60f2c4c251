// The fake samplers keep the contract; samplers that widen, empty, break or drift are found.
import type { SamplerFunction } from '@ingot/contracts';
import { expect, test } from 'vitest';
import { failingChecks, samplerChecks, samplerSuite } from './index.js';

samplerSuite('identity', { make: () => (logits) => logits });
samplerSuite('greedy', {
  make: () => (logits) => {
    const top = logits.indexOf(Math.max(...logits));
    return logits.map((logit, id) => (id === top ? logit : -Infinity));
  },
});

const planted: Readonly<Record<string, readonly [SamplerFunction, RegExp]>> = {
  'brings removed ids back': [(logits) => logits.map((logit) => Math.max(logit, -100)), /adds none/],
  'removes everything': [(logits) => logits.map(() => -Infinity), /keeps at least one/],
  'makes NaN of −Infinity': [(logits) => logits.map((logit) => logit * 0), /none of them NaN/],
  overflows: [(logits) => logits.map((logit) => logit * 1e20), /none of them NaN or/],
  'drops an id': [(logits) => logits.slice(1), /one number for each id/],
  'needs a history': [
    (logits, { history }) => logits.map((logit) => (history.length ? logit : -Infinity)),
    /empty history/,
  ],
};
test.for(Object.entries(planted))('planted: %s', async ([, [sampler, wanted]]) => {
  const failing = await failingChecks(samplerChecks({ make: () => sampler }));
  expect(failing.filter((name) => wanted.test(name))).not.toEqual([]);
});
test('planted: a sampler that draws', async () => {
  let calls = 0;
  const failing = await failingChecks(
    samplerChecks({ make: () => (logits) => logits.map((logit) => logit + ++calls) }),
  );
  expect(failing.filter((name) => /the same each time/.test(name))).not.toEqual([]);
});
