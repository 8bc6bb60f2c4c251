// Model folders: transformers' tiny GPT-2 gives transformers' logits, and what we write comes back to the same bits.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadParameters, modelOf, type ModelValue } from '@ingot/contracts';
import { fileReader, openSafetensors } from '@ingot/formats';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { noGrad, plainWeights, referenceDevice, scope, tensor } from '@ingot/tensor';
import { loadTokenizer, tokenizerValue } from '@ingot/text';
import { initialParameters, readModelFolder, writeModelFolder } from '@ingot/training';
import { afterAll, describe, expect, it } from 'vitest';
import { fingerprintFolder } from './index.js';
import { tokenizer } from './world.fixture.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tiny = join(root, 'tests/data/tiny-random-gpt2');
// transformers 5.23.0 (bench/peers/tiny_gpt2_logits.py): logits[t, :4], their sums, and all of the last position.
const reference = JSON.parse(readFileSync(join(root, 'tests/parity/data/tiny-gpt2-logits.json'), 'utf8')) as {
  text: string;
  cases: { name: string; ids: number[]; argmax: number[]; sums: number[]; first: number[][]; last: number[] }[];
};
const temporary = mkdtempSync(join(tmpdir(), 'ingot-folder-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const readers = { families: [gptFamily], tokenizerValue };

async function logitsOf(model: ModelValue, ids: readonly number[]): Promise<Float32Array> {
  const device = referenceDevice();
  const parameters = await loadParameters(device, gptFamily, model);
  const weights = plainWeights(parameters);
  return noGrad(() =>
    scope(
      () =>
        weights
          .logits(
            gptFamily.head(model.design),
            gptFamily.forward(model.design, weights, tensor(device, Int32Array.from(ids), [1, ids.length], 'i32')),
          )
          .read() as Float32Array,
    ),
  );
}
const close = (got: number, wanted: number, tolerance: number) =>
  expect(Math.abs(got - wanted)).toBeLessThan(tolerance);

describe("transformers' tiny-random-gpt2", () => {
  it.each(reference.cases)('gives its logits to 1e-4: $name', async ({ ids, first, sums, last, argmax }) => {
    const model = await readModelFolder(tiny, readers);
    const logits = await logitsOf(model, ids);
    const width = model.design.vocabSize;
    ids.forEach((_, t) => {
      const row = logits.subarray(t * width, (t + 1) * width);
      first[t]!.forEach((x, i) => close(row[i]!, x, 1e-4));
      close(
        row.reduce((a, b) => a + b, 0),
        sums[t]!,
        1e-3,
      ); // a sum of 1,000 logits
      expect(row.indexOf(Math.max(...row))).toBe(argmax[t]);
    });
    last.forEach((x, i) => close(logits[(ids.length - 1) * width + i]!, x, 1e-4));
  });
  it('brings its tokenizer', async () => {
    const model = await readModelFolder(tiny, readers);
    const loaded = loadTokenizer(model.design.tokenizer);
    expect(loaded.decode(loaded.encode(reference.text))).toBe(reference.text);
  });
  it('comes back from a folder of ours with every tensor to the bit', async () => {
    const model = await readModelFolder(tiny, readers);
    const folder = join(temporary, 'again');
    await writeModelFolder(folder, model, gptFamily);
    const [theirs, ours] = await Promise.all(
      [tiny, folder].map(async (at) => openSafetensors(await fileReader(join(at, 'model.safetensors')))),
    );
    for (const name of ours!.tensors.keys()) {
      expect(ours!.entry(name).shape).toEqual(theirs!.entry(name).shape);
      expect(Buffer.compare(await ours!.bytes(name), await theirs!.bytes(name))).toBe(0);
    }
    // Their file holds nothing else but masks that no program reads.
    expect(
      [...theirs!.tensors.keys()].filter((name) => !ours!.tensors.has(name) && !/attn\.(bias|masked_bias)$/.test(name)),
    ).toEqual([]);
  });
});

describe('a model of ours', () => {
  const device = referenceDevice();
  const fresh = (options: Parameters<typeof gptDesign>[0]) => {
    const design = gptDesign({ layers: 2, heads: 2, width: 8, context: 8, ...options }, tokenizer);
    return modelOf(design, initialParameters(device, gptFamily.parameters(design), 1));
  };
  it.each([
    ['tied, tanh', {}],
    ['untied, erf', { tied: false, gelu: 'erf' }],
    ['without biases', { bias: false }],
    ['a hidden size of its own', { hidden: 20, epsilon: 1e-6, dropout: 0.1 }],
  ] as const)('computes the same after a folder: %s', async (name, options) => {
    const model = fresh(options);
    const folder = join(temporary, name);
    await writeModelFolder(folder, model, gptFamily);
    const back = await readModelFolder(folder, readers);
    expect(back.design).toMatchObject({
      vocabSize: model.design.vocabSize,
      context: 8,
      tokenizer: { digest: tokenizer.digest },
    });
    if (options !== undefined && !('bias' in options)) expect(back.design.config).toEqual(model.design.config);
    expect(await logitsOf(back, [1, 2, 3, 4, 5])).toEqual(await logitsOf(model, [1, 2, 3, 4, 5]));
  });
  it('is refused where the folder is broken', async () => {
    const broken = (name: string, change: (folder: string) => void) => {
      const folder = join(temporary, name);
      cpSync(tiny, folder, { recursive: true });
      // The source may be read-only: the copy must not be.
      for (const file of ['config.json', 'model.safetensors', 'tokenizer.json']) {
        const content = readFileSync(join(folder, file));
        rmSync(join(folder, file));
        writeFileSync(join(folder, file), content);
      }
      change(folder);
      return readModelFolder(folder, readers);
    };
    const edit = (folder: string, changes: object) =>
      writeFileSync(
        join(folder, 'config.json'),
        JSON.stringify({ ...(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object), ...changes }),
      );
    await expect(broken('no-weights', (folder) => rmSync(join(folder, 'model.safetensors')))).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(broken('no-json', (folder) => writeFileSync(join(folder, 'config.json'), 'x'))).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(broken('other-type', (folder) => edit(folder, { model_type: 'gpt3' }))).rejects.toMatchObject({
      code: 'unknown-name',
      message: expect.stringContaining("Did you mean 'gpt2'") as string,
    });
    await expect(broken('other-shape', (folder) => edit(folder, { n_positions: 100 }))).rejects.toThrow(
      'has shape [512, 32], but config.json makes it [100, 32]',
    );
    await expect(broken('more-layers', (folder) => edit(folder, { n_layer: 6 }))).rejects.toThrow(
      "no tensor 'transformer.h.5.ln_1.weight'",
    );
    await expect(
      broken('other-maths', (folder) => edit(folder, { activation_function: 'relu' })),
    ).rejects.toMatchObject({ code: 'bad-options' });
  });
  it('has a fingerprint of its content, wherever it lies', async () => {
    const copy = join(temporary, 'moved');
    cpSync(tiny, copy, { recursive: true });
    expect(await fingerprintFolder(copy)).toBe(await fingerprintFolder(tiny));
    await expect(fingerprintFolder(join(temporary, 'nowhere'))).rejects.toMatchObject({ code: 'bad-input' });
  });
});
