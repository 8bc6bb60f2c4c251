// A PEFT folder and a model folder become one model; an adapter of another model is refused.
import { fileURLToPath } from 'node:url';
import { createIngot } from '@ingot/core';
import { Device, loadParameters } from '@ingot/contracts';
import { gpt, gptFamily } from '@ingot/model-gpt';
import { noGrad, plainWeights, referenceDevice, scope, tensor } from '@ingot/tensor';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { supervised } from '../index.js';

const data = fileURLToPath(new URL('../../../../tests/data/', import.meta.url));
const peft = JSON.parse(readFileSync(`${data}peft-adapters/peft.json`, 'utf8')) as {
  readonly ids: readonly (readonly number[])[];
  readonly cases: { readonly lora: { readonly first: readonly number[] } };
};
const device = referenceDevice();
const ingot = createIngot({
  plugins: [gpt, supervised],
  services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
});
const pipeline = (adapterPath: string) =>
  ingot.pipeline('merge', (g) => {
    const { model } = g.add('model-folder', {}, { path: `${data}tiny-random-gpt2` });
    const { adapter } = g.add('adapter-folder', { model }, { path: adapterPath });
    return { model: g.add('merge-adapter', { model, adapter }, {}).model };
  });

test('the merged artifact gives PEFT’s logits (peft 0.21.2)', async () => {
  const { model } = await pipeline(`${data}peft-adapters/lora`).run().result();
  const parameters = await loadParameters(device, gptFamily, model);
  const weights = plainWeights(parameters);
  const ids = tensor(device, peft.ids.flat(), [2, 12], 'i32');
  const logits = noGrad(() =>
    scope(() => weights.logits('wte', gptFamily.forward(model.design, weights, ids)).read() as Float32Array),
  );
  // fp32 logits of size 0.2
  peft.cases.lora.first.forEach((x, i) =>
    expect(Math.abs(logits[Math.floor(i / 4) * 1000 + (i % 4)]! - x)).toBeLessThan(1e-5),
  );
});

test('a folder that is none is refused before anything runs', async () => {
  await expect(pipeline(`${data}tiny-random-gpt2`).run().result()).rejects.toThrow(
    /The adapter folder .* has no readable adapter_config.json/,
  );
});
