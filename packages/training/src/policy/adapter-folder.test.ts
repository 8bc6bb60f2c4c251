// Adapters against PEFT 0.21.2 itself: folders that it wrote give its logits and gradients here; a folder written here holds its keys.
// Fixtures and numbers: bench/peers/peft_adapters.py.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gptFamily } from '@ingot/model-gpt';
import { loadParameters } from '@ingot/contracts';
import { plainWeights, referenceDevice, scope } from '@ingot/tensor';
import { tokenizerValue } from '@ingot/text';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accumulate } from '../accumulate.js';
import { scored } from '../batches.js';
import { batchLoss } from '../loss.js';
import { readModelFolder } from '../read-model-folder.js';
import { designOf, tinyModel } from './gpt.fixture.js';
import { adapterSet, mergeAdapter, openPolicy, readAdapterFolder, writeAdapterFolder } from './index.js';
import { logitsOf, train } from './world.fixture.js';

const data = fileURLToPath(new URL('../../../../tests/data/', import.meta.url));
interface PeftNumbers {
  readonly ids: readonly (readonly number[])[];
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly sums: readonly number[];
        readonly first: readonly number[];
        readonly gradients: Readonly<Record<string, readonly [number, number]>>;
        readonly trainable: number;
        readonly all: number;
      }
    >
  >;
}
const theirs = JSON.parse(await readFile(join(data, 'peft-adapters/peft.json'), 'utf8')) as PeftNumbers;
const model = await readModelFolder(join(data, 'tiny-random-gpt2'), { families: [gptFamily], tokenizerValue });
const { design } = model;
const about = { family: gptFamily, design };
const rows = theirs.ids.length;
const length = theirs.ids[0]!.length;
const ids = Int32Array.from(theirs.ids.flat());
const batch = { ids, targets: ids.map((_, i) => (i % length === length - 1 ? -1 : ids[i + 1]!)), rows, length };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-adapter-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function loaded(name: string, from = join(data, 'peft-adapters', name)) {
  const device = referenceDevice();
  const parameters = await loadParameters(device, gptFamily, model);
  for (const parameter of parameters.values()) parameter.trainable = false;
  const set = adapterSet({ device, ...about, weights: plainWeights(parameters) }, parameters);
  const value = await readAdapterFolder(from, about);
  const adapter = await set.load(name, value, { trainable: true });
  return { device, set, value, adapter, live: set.use(name), parameters };
}

const modules: Readonly<Record<string, string>> = {
  'attn.c_attn': 'attention.qkv',
  'mlp.c_fc': 'mlp.up',
  'mlp.c_proj': 'mlp.down',
};
/** PEFT's key of a tensor of these two adapters -> our name. */
function ourName(key: string): string {
  const name = key.replace('base_model.model.transformer.', '').replace('ln_f', 'norm');
  const [, layer, module, part] = /^h\.(\d+)\.(\w+\.\w+)\.lora_(A|B|magnitude)/.exec(name) ?? [];
  return layer === undefined ? name : `blocks.${layer}.${modules[module!]!}.${part!}`;
}

describe.each(['lora', 'dora'])('%s, written by PEFT', (name) => {
  const peft = theirs.cases[name]!;

  test('gives its logits, and so does the merged model', async () => {
    const { live, value, device } = await loaded(name);
    const logits = logitsOf(live, batch);
    const V = design.vocabSize;
    const first = theirs.ids.flat().flatMap((_, t) => Array.from(logits.subarray(t * V, t * V + 4)));
    // fp32 logits of size 0.2; sums are over 1,000 of them
    first.forEach((x, i) => expect(Math.abs(x - peft.first[i]!)).toBeLessThan(1e-5));
    peft.sums.forEach((sum, t) => {
      const ours = logits.slice(t * V, (t + 1) * V).reduce((a, b) => a + b, 0);
      expect(Math.abs(ours - sum)).toBeLessThan(1e-3);
    });
    const merged = await mergeAdapter({ device, family: gptFamily, model, adapter: value });
    const parameters = await loadParameters(device, gptFamily, merged);
    const again = logitsOf({ device, ...about, weights: plainWeights(parameters) }, batch);
    logits.forEach((x, i) => {
      if (!(Math.abs(x - again[i]!) < 1e-5)) expect(again[i]).toBe(x);
    });
  });

  test('has its gradients, those of A and B under a constant norm included', async () => {
    const { live, adapter } = await loaded(name);
    accumulate(
      [batch],
      ({ targets }) => scored(targets),
      (micro) => batchLoss(live, micro),
    );
    const gradients = Object.entries(peft.gradients);
    expect(gradients).toHaveLength(adapter.parameters.names().length);
    for (const [key, [sum, weighted]] of gradients) {
      const ours = adapter.parameters.get(`adapter.${name}.${ourName(key)}`).gradient!.read() as Float32Array;
      const plain = ours.reduce((a, b) => a + b, 0);
      const heavy = ours.reduce((a, b, i) => a + b * (1 + (i % 7)), 0);
      // sums of up to 4,000 fp32 gradients of size 1e-3
      expect(Math.abs(plain - sum), key).toBeLessThan(2e-5);
      expect(Math.abs(heavy - weighted), key).toBeLessThan(1e-4);
    }
  });

  test('comes out with the same bytes, and PEFT’s counts', async () => {
    const { value, adapter, parameters } = await loaded(name);
    const out = join(folder, `again-${name}`);
    await writeAdapterFolder(out, value, { ...about, base: 'tiny-random-gpt2' });
    const path = 'adapter_model.safetensors';
    expect(await readFile(join(out, path))).toEqual(await readFile(join(data, 'peft-adapters', name, path)));
    const back = await readAdapterFolder(out, about);
    expect(back.config).toEqual(value.config);
    expect(adapter.parameters.bytes / 4).toBe(peft.trainable);
    expect((adapter.parameters.bytes + parameters.bytes) / 4).toBe(peft.all);
  });
});

test('what was trained here goes through a folder: the same logits', async () => {
  const device = referenceDevice();
  const trains = {
    adapter: {
      rank: 2,
      alpha: 5,
      dora: true,
      dropout: 0.1,
      rankPattern: { '*.up': 3 },
      modulesToSave: ['wpe', 'norm'],
    },
  };
  const policy = await openPolicy({ device, family: gptFamily, model, trains, seed: 1 });
  train(policy, 1);
  const out = join(folder, 'ours');
  await writeAdapterFolder(out, policy.adapter()!, about);
  expect(logitsOf((await loaded('default', out)).live, batch)).toEqual(logitsOf(policy.still, batch));
  const config = JSON.parse(await readFile(join(out, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
  expect(config).toMatchObject({ r: 2, lora_alpha: 5, use_dora: true, fan_in_fan_out: true, lora_dropout: 0.1 });
  expect(config['modules_to_save']).toEqual(['transformer.wpe', 'transformer.ln_f']);
  expect(config['rank_pattern']).toHaveProperty(['transformer.h.4.mlp.c_fc'], 3);
});

test('a folder that cannot be what it says is refused with the reason', async () => {
  const source = join(data, 'peft-adapters/lora');
  const config = JSON.parse(await readFile(join(source, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
  const weights = await readFile(join(source, 'adapter_model.safetensors'));
  const read = async (changes: Record<string, unknown>, content: Uint8Array = weights) => {
    await writeFile(join(folder, 'adapter_config.json'), JSON.stringify({ ...config, ...changes }));
    await writeFile(join(folder, 'adapter_model.safetensors'), content);
    return readAdapterFolder(folder, about);
  };
  await expect(read({})).resolves.toHaveProperty('family', 'gpt');
  await expect(read({ peft_type: 'IA3' })).rejects.toThrow(/only adapters of the type LORA/);
  await expect(read({ bias: 'all' })).rejects.toThrow(/biases trained beside the adapter/);
  await expect(read({ init_lora_weights: 'pissa' })).rejects.toThrow(/changes the base weights too/);
  await expect(read({ layer_replication: [[0, 2]] })).rejects.toThrow(/replication of layers is not known/);
  await expect(readAdapterFolder(join(folder, 'nowhere'), about)).rejects.toThrow(/no readable adapter_config.json/);
  const text = Buffer.from(weights).toString('latin1').replace('c_attn.lora_A', 'c_attm.lora_A');
  await expect(read({}, Buffer.from(text, 'latin1'))).rejects.toThrow(
    /holds '.*c_attm.lora_A.weight', which is no part/,
  );
});

test('an adapter of another model is refused; a tied head that was saved has no folder', async () => {
  const small = tinyModel();
  const device = referenceDevice();
  const value = await readAdapterFolder(join(data, 'peft-adapters/lora'), about);
  await expect(mergeAdapter({ device, family: gptFamily, model: small, adapter: value })).rejects.toThrow(
    /changes blocks\.2\.attention\.qkv.*which this model has not/,
  );
  await expect(
    mergeAdapter({ device, family: gptFamily, model, adapter: { ...value, family: 'llama' } }),
  ).rejects.toThrow(/belongs to a model of family 'llama'/);
  expect(device.memory().arrays).toBe(0);
  const trains = { adapter: { rank: 2, modulesToSave: ['wte'] } };
  const policy = await openPolicy({ device, family: gptFamily, model: small, trains, seed: 1 });
  const write = writeAdapterFolder(join(folder, 'tied'), policy.adapter()!, { family: gptFamily, design: designOf() });
  await expect(write).rejects.toThrow(/embedding and head in one/);
  scope(() => policy.dispose());
});
