// Sequences that share a row, on our devices: packed = a row each = padded to the left, on one thread and on two, for losses, log-probabilities,
// rewards and their gradients.
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { backward, plainWeights, scope, sum, type Device } from '@ingot/tensor';
import { nativeDevice, wasmDevice } from '@ingot/tensor-native';
import {
  initialParameters,
  packedBatch,
  rewardHead,
  rewardScores,
  sequenceLogProbabilities,
  weightedLoss,
  type RowsHow,
} from '@ingot/training';
import { expect, test } from 'vitest';
import { ourDevices, skipUnlessBuilt } from './our-devices.js';

const open = { native: nativeDevice, wasm: wasmDevice };
const design = gptDesign(
  { layers: 2, heads: 4, width: 64, context: 128, preset: 'minigpt' },
  { json: {}, vocabSize: 96, digest: 'packed' },
);
const lengths = [9, 40, 3, 77, 21, 12, 64, 30];
const sequences = lengths.map((length, s) => Int32Array.from({ length }, (_, t) => (17 * s + 5 * t + t * t) % 96));

/** Numbers and gradients of one of each, for a layout. */
function measured(device: Device, how: RowsHow): Map<string, Float32Array> {
  const parameters = initialParameters(device, [...gptFamily.parameters(design), rewardHead(64)], 2);
  const live = { device, family: gptFamily, design, weights: plainWeights(parameters) };
  const batch = packedBatch(
    sequences.map((ids, s) => ({ ids, weights: Float32Array.from(ids, (_, t) => (t % 5 === s % 5 ? 0 : 1)) })),
    how,
  );
  const found = new Map<string, Float32Array>();
  scope(() => {
    const loss = weightedLoss(live, batch);
    backward(loss, 1 / batch.weight);
    const scored = sequences.map((ids) => ({ ids, from: 2 }));
    const { tokens, sums } = sequenceLogProbabilities(live, scored.slice(0, 2).concat(scored.slice(3)), how);
    const rewards = rewardScores(live, sequences, how);
    backward(sum(rewards));
    for (const [name, made] of Object.entries({ loss, tokens, sums, rewards }))
      found.set(name, made.read() as Float32Array);
  });
  for (const { name, gradient } of parameters.values()) if (gradient) found.set(name, gradient.read() as Float32Array);
  parameters.dispose();
  return found;
}

test.for(ourDevices)('%s', async (name, { skip }) => {
  skipUnlessBuilt(name, skip);
  const [one, two] = await Promise.all([1, 2].map((threads) => open[name]({ threads })));
  const wanted = measured(one!, { packing: 'none' });
  const others = [
    measured(one!, {}),
    measured(one!, { packing: 'none', side: 'left' }),
    measured(two!, { packing: 'none' }),
    measured(two!, {}),
  ];
  one!.dispose();
  two!.dispose();
  for (const got of others)
    for (const [what, numbers] of wanted) {
      const largest = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
      const other = got.get(what)!;
      // Float sums in another order.
      expect([
        what,
        numbers.reduce((most, x, i) => Math.max(most, Math.abs(x - other[i]!)), 0) / largest < 1e-5,
      ]).toEqual([what, true]);
    }
});
