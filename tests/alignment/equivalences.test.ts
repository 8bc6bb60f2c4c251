// Settings that may change memory and time, and not the model: micro-batches, layouts, where the reference comes from, threads.
// Compared are all weights after several steps, to 1e-5: fp32 sums in another order. Plain SGD without clipping, since Adam divides a
// gradient by its own size, and one that is rounding alone (the bias of the keys) would become a whole step.
import type { LossName } from '@ingot/align-dpo';
import { findAddon, nativeDevice, wasmDevice } from '@ingot/tensor-native';
import { describe, expect, test } from 'vitest';
import { tunedBy, type Layout } from './layouts.js';
import { alignBy, designOf, distance, feedbackRows, series, statedModel, type Run } from './world.js';

const tolerance = 1e-5;
const exact = {
  steps: 3,
  batch: 8,
  heldOut: 0,
  watch: { samples: 0 },
  tripwires: { action: 'off' },
  optimiser: { use: 'sgd', lr: 0.1 },
  schedule: { use: 'constant' },
  clip: null,
} as const;
/** Each with its loss: sums over rows, and those that need the whole batch (KTO's KL, BCO's δ, AOT's ranks, averages over tokens). */
const methods = {
  dpo: ['dpo', {}],
  kto: ['kto', {}],
  bco: ['bco', {}],
  aot: ['dpo', { loss: { use: 'aot' } }],
  'aot-unpaired': ['dpo', { loss: { use: 'aot-unpaired' } }],
  orpo: ['orpo', {}],
  cpo: ['cpo', {}],
  ipo: ['ipo', { beta: 0.5 }],
  simpo: ['simpo', {}],
} as const;
const names = Object.keys(methods) as (keyof typeof methods)[];
/** Those with statistics of the whole batch: they are cut unevenly too. */
const WHOLE_BATCH: readonly string[] = ['kto', 'bco', 'aot'];
/** The weights after the steps; they must have moved by more than the tolerance, or the comparison would say nothing. */
async function weightsOf(name: keyof typeof methods, how: Readonly<Record<string, unknown>> = {}, run: Run = {}) {
  const [use, own] = methods[name];
  const { numbers } = await alignBy(use, { ...exact, ...own, ...how }, run);
  return numbers;
}
const moved = async (numbers: Awaited<ReturnType<typeof weightsOf>>): Promise<void> => {
  const start = statedModel();
  const before = Object.fromEntries(
    await Promise.all(Object.keys(start.tensors).map(async (name) => [name, await start.read(name)] as const)),
  );
  expect(distance(before, numbers)).toBeGreaterThan(100 * tolerance);
};

test.each(names)('%s: a batch of 8 = 2 × 4, and 5 and 3', async (name) => {
  const whole = await weightsOf(name);
  await moved(whole);
  for (const microBatch of WHOLE_BATCH.includes(name) ? [4, 5] : [4])
    expect(distance(whole, await weightsOf(name, { microBatch })), `${microBatch}`).toBeLessThan(tolerance);
});

test.each(names.filter((name) => name !== 'ipo'))(
  '%s: packed = unpacked = padded left = padded right',
  async (name) => {
    const layouts: Readonly<Record<string, Layout>> = {
      'in packed rows': { capacity: 24 },
      'in packed rows, padding in front': { capacity: 23, side: 'left' },
      'a row each, padding behind': { packing: 'none', side: 'right' },
      'a row each, padding in front': { packing: 'none', side: 'left' },
    };
    const loss: LossName = name === 'dpo' ? 'sigmoid' : name;
    const how = { steps: 3, batch: 8, lr: 0.1 };
    const unpadded = await tunedBy(loss, 'alone', how);
    await moved(unpadded);
    for (const [what, layout] of Object.entries(layouts))
      expect(distance(unpadded, await tunedBy(loss, layout, how)), what).toBeLessThan(tolerance);
    expect(distance(unpadded, await weightsOf(name)), 'the stage').toBeLessThan(tolerance);
  },
);

describe('the reference', () => {
  const artifact = {
    before: { scores: { use: 'reference-scores', from: { model: 'given.chat', feedback: 'given.feedback' } } },
    from: { reference: 'scores.reference' },
  };
  test.each(['dpo', 'aot', 'ipo'] as const)('%s: computed once = a copy = an artifact', async (name) => {
    const once = await weightsOf(name);
    expect(distance(once, await weightsOf(name, { reference: 'copy' })), 'copy').toBeLessThan(tolerance);
    expect(distance(once, await weightsOf(name, {}, artifact)), 'artifact').toBeLessThan(tolerance);
  });
  test.each(['kto', 'bco'] as const)('%s: computed once = a copy', async (name) =>
    expect(distance(await weightsOf(name), await weightsOf(name, { reference: 'copy' }))).toBeLessThan(tolerance),
  );
  test.each(['dpo', 'kto'] as const)('%s with an adapter: off = computed once = a copy', async (name) => {
    const optimiser = { use: 'sgd', lr: 1 };
    const adapted = { adapter: { rank: 4 }, optimiser };
    const off = await weightsOf(name, { ...adapted, reference: 'adapter-off' });
    await moved(off);
    for (const reference of ['computed-once', 'copy'])
      expect(distance(off, await weightsOf(name, { ...adapted, reference })), reference).toBeLessThan(tolerance);
    if (name === 'dpo')
      expect(distance(off, await weightsOf(name, adapted, artifact)), 'artifact').toBeLessThan(tolerance);
    expect(distance(off, await weightsOf(name, { optimiser })), 'all weights').toBeGreaterThan(100 * tolerance);
  });
});

// Wide enough that the kernels' work is cut.
const wide: Run = { model: () => statedModel(designOf(undefined, 64)), rows: feedbackRows(24) };
const open = { native: nativeDevice, wasm: wasmDevice };
test.for(
  (['native', 'wasm'] as const).flatMap((where) => (['dpo', 'kto'] as const).map((name) => [where, name] as const)),
)('%s, %s: one thread and two give the same bits', async ([where, name], { skip }) => {
  if (where === 'native' && !findAddon()) skip('the native addon is not built here: install a C++17 compiler');
  const [use, own] = methods[name];
  const made = [];
  for (const threads of [1, 2]) {
    const device = await open[where]({ threads });
    made.push(
      await alignBy(use, { ...exact, ...own, batch: 16, optimiser: { use: 'adamw', lr: 1e-3 } }, { ...wide, device }),
    );
    device.dispose();
  }
  const [one, two] = made;
  expect(distance(one!.numbers, two!.numbers)).toBe(0);
  expect(series(one!.events, 'loss')).toEqual(series(two!.events, 'loss'));
});
