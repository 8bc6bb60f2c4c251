// RLOO as a stage on sampled answers of the tiny world: its KL to the closed form falls with the number of answers.
import { expect, test } from 'vitest';
import { sampledCurve } from './rl-curves.js';

test('rloo: KL falls with the answers', async () => {
  const kls = await sampledCurve('rloo', 1, [40, 160, 640]);
  kls.slice(1).forEach((kl, i) => expect(kl).toBeLessThan(kls[i]!));
  expect(kls.at(-1)!).toBeLessThan(0.05);
});
