// The counts that PEFT prints (goldens 7.15), from shapes alone.
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { expect, test } from 'vitest';
import { adapterOptions, adapterShapes, planAdapter, trainableLine, type AdaptedModel } from './index.js';

const size = (shapes: readonly { readonly shape: readonly number[] }[]): number =>
  shapes.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
const line = (model: AdaptedModel, options: Parameters<typeof adapterOptions.parse>[0]): string => {
  const trainable = size(adapterShapes(model, planAdapter(model, adapterOptions.parse(options))));
  return trainableLine({ trainable, all: size(model.specs) + trainable });
};
/** The shapes of a Llama: width, hidden, layers, width of keys and values, vocabulary; an untied head. */
function llama(C: number, hidden: number, layers: number, kv: number, V: number): AdaptedModel {
  const shapes: [string, number[]][] = [];
  for (let i = 0; i < layers; i++)
    for (const [name, shape] of Object.entries({
      q: [C, C],
      k: [kv, C],
      v: [kv, C],
      o: [C, C],
      gate: [hidden, C],
      up: [hidden, C],
      down: [C, hidden],
      norm1: [C],
      norm2: [C],
    }))
      shapes.push([`blocks.${i}.${name}.weight`, shape]);
  shapes.push(['wte.weight', [V, C]], ['norm.weight', [C]], ['head.weight', [V, C]]);
  return { specs: shapes.map(([name, shape]) => ({ name, shape })), embeddings: new Set(['wte']), head: 'head' };
}

test('GPT-2 with rank 8 on c_attn', () => {
  const design = gptDesign({ preset: 'gpt2' }, { json: {}, vocabSize: 50257, digest: 'x' });
  const model = { specs: gptFamily.parameters(design), embeddings: new Set(['wte', 'wpe']), head: 'wte' };
  expect(line(model, { rank: 8, targets: ['*.attention.qkv'] })).toBe(
    'trainable params: 294,912 || all params: 124,734,720 || trainable%: 0.2364',
  );
});

test('Llama-2-7B and Llama-3-8B', () => {
  expect(line(llama(4096, 11008, 32, 4096, 32000), { rank: 8, targets: ['*.q', '*.v'] })).toBe(
    'trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622',
  );
  const llama3 = llama(4096, 14336, 32, 1024, 128256);
  expect(line(llama3, { rank: 8, targets: ['*.q', '*.v'] })).toMatch(/^trainable params: 3,407,872 /);
  expect(line(llama3, { rank: 16 })).toMatch(/^trainable params: 41,943,040 /);
});
