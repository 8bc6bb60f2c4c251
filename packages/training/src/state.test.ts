// A checkpoint's tensors come back to the same bits, and another model's are refused.
import { backward, plainWeights, referenceDevice } from '@ingot/tensor';
import { describe, expect, it } from 'vitest';
import {
  adamw,
  batchLoss,
  initialParameters,
  packSnapshot,
  packState,
  snapshot,
  unpackSnapshot,
  unpackState,
} from './index.js';
import { bigram, design } from './tiny-family.fixture.js';

const batch = { ids: Int32Array.of(1, 2, 3), targets: Int32Array.of(2, 3, 4), rows: 1, length: 3 };
function open(seed: number) {
  const device = referenceDevice();
  const parameters = initialParameters(device, bigram.parameters(design), seed);
  const model = { device, family: bigram, design, weights: plainWeights(parameters) };
  const optimiser = adamw().start(parameters);
  const step = () => {
    parameters.zeroGradients();
    backward(batchLoss(model, batch));
    optimiser.step(1, 1);
  };
  return { parameters, optimiser, step };
}
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

describe('packState', () => {
  it('goes on to the same bits', async () => {
    const first = open(1);
    first.step();
    const bytes = await bytesOf(packState(first.parameters, first.optimiser));
    const second = open(2);
    await unpackState(bytes, second.parameters, second.optimiser);
    second.optimiser.steps = first.optimiser.steps;
    for (const run of [first, second]) for (let i = 0; i < 3; i++) run.step();
    expect(await bytesOf(packState(second.parameters, second.optimiser))).toEqual(
      await bytesOf(packState(first.parameters, first.optimiser)),
    );
  });
  it('is refused by another model', async () => {
    const run = open(1);
    const bytes = await bytesOf(packSnapshot(run.parameters, snapshot(run.parameters)));
    await expect(unpackState(bytes, run.parameters, run.optimiser)).rejects.toThrow("holds no parameter 'wte.weight'");
    expect([...(await unpackSnapshot(bytes)).get('mix.weight')!]).toEqual([...run.parameters.get('mix.weight').read()]);
  });
});
