// The optimisers as parts: each lowers a loss, goes on from a checkpoint to the same bits, and refuses what makes no sense.
import { backward, plainWeights, referenceDevice } from '@ingot/tensor';
import type { OptimiserValue } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { adamw, batchLoss, initialParameters, lion, muon, packState, sgd, unpackState } from './index.js';
import { bigram, design } from './tiny-family.fixture.js';

const batch = { ids: Int32Array.of(1, 2, 3), targets: Int32Array.of(2, 3, 4), rows: 1, length: 3 };
// The tiny family has its one hidden matrix outside of any block.
const optimisers: Readonly<Record<string, () => OptimiserValue>> = {
  adamw: () => adamw({ lr: 0.01 }),
  sgd: () => sgd({ momentum: 0.9 }),
  lion: () => lion({ lr: 0.01 }),
  muon: () => muon({ matrices: '^mix\\.', adamw: { lr: 0.01 } }),
  'muon that matches adamw': () =>
    muon({ matrices: '^mix\\.', scale: 'match-adamw', lr: 0.01, weightDecay: 0.1, adamw: { lr: 0.01 } }),
};

function open(value: OptimiserValue, seed: number) {
  const device = referenceDevice();
  const parameters = initialParameters(device, bigram.parameters(design), seed);
  const model = { device, family: bigram, design, weights: plainWeights(parameters) };
  const optimiser = value.start(parameters);
  const step = (factor = 1): number => {
    parameters.zeroGradients();
    const loss = batchLoss(model, batch);
    backward(loss);
    const before = loss.item();
    loss.dispose();
    optimiser.step(factor, 0.5);
    return before;
  };
  return { parameters, optimiser, step };
}
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

describe.each(Object.entries(optimisers))('%s', (_name, make) => {
  it('lowers the loss', () => {
    const { step } = open(make(), 1);
    const losses = Array.from({ length: 12 }, () => step());
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
  });

  it('goes on from a checkpoint to the same bits', async () => {
    const first = open(make(), 1);
    for (let i = 0; i < 3; i++) first.step();
    const bytes = await bytesOf(packState(first.parameters, first.optimiser));
    const second = open(make(), 2);
    await unpackState(bytes, second.parameters, second.optimiser);
    second.optimiser.steps = first.optimiser.steps;
    expect(second.optimiser.steps).toBe(3);
    for (const run of [first, second]) for (let i = 0; i < 3; i++) run.step(0.7);
    expect(await bytesOf(packState(second.parameters, second.optimiser))).toEqual(
      await bytesOf(packState(first.parameters, first.optimiser)),
    );
  });

  it('stands still at a factor of 0', () => {
    const { parameters, step } = open(make(), 1);
    const before = parameters.values().map((parameter) => [...parameter.read()]);
    step(0);
    expect(parameters.values().map((parameter) => [...parameter.read()])).toEqual(before);
  });
});

it('moves hidden matrices by Muon and the rest by AdamW, with its options', () => {
  const { optimiser, step, parameters } = open(muon({ matrices: '^mix\\.', adamw: { lr: 0.02 } }), 1);
  const alone = open(adamw({ lr: 0.02 }), 1);
  step();
  alone.step();
  expect(Object.keys(optimiser.state)).toEqual([
    'wte.weight.first',
    'wte.weight.second',
    'norm.weight.first',
    'norm.weight.second',
    'norm.bias.first',
    'norm.bias.second',
    'head.weight.first',
    'head.weight.second',
    'mix.weight.momentum',
  ]);
  for (const name of ['wte.weight', 'norm.bias', 'head.weight'])
    expect([...parameters.get(name).read()]).toEqual([...alone.parameters.get(name).read()]);
  expect(optimiser.lr).toBe(0.02);
});

it('is refused: a model without hidden matrices, a pattern that is none, rates out of range', () => {
  expect(() => open(muon(), 1)).toThrow(/no matrix's name begins with 'blocks\.': wte\.weight, mix\.weight/);
  expect(() => open(muon({ matrices: 'layer' }), 1)).toThrow(/no matrix's name matches 'layer'/);
  // A one-dimensional parameter is no matrix.
  expect(() => open(muon({ matrices: '^norm' }), 1)).toThrow(/Give 'matrices' as a pattern/);
  expect(() => muon({ matrices: '(' })).toThrow(/wanted a regular expression/);
  expect(() => muon({ momentum: 1 })).toThrow(/momentum/);
  expect(() => muon({ iterations: 0 })).toThrow(/iterations/);
  expect(() => lion({ beta2: 1 })).toThrow(/beta2/);
});
