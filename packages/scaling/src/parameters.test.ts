// Exact counts of published models (their configurations as in litgpt), and of our own family.
import { countParameters } from '@ingot/model-gpt';
import { describe, expect, it, test } from 'vitest';
import { gptParameters, llamaParameters, type LlamaShape } from './index.js';

const gpt2 = (layers: number, width: number, tied = true) =>
  gptParameters({ layers, width, vocab: 50257, context: 1024, tied });
test.each([
  [12, 768, 124_439_808, 163_037_184],
  [24, 1024, 354_823_168, 406_286_336],
  [36, 1280, 774_030_080, 838_359_040],
  [48, 1600, 1_557_611_200, 1_638_022_400],
])('GPT-2 of %i layers and width %i', (layers, width, tied, untied) => {
  expect(gpt2(layers, width).total).toBe(tied);
  expect(gpt2(layers, width, false).total).toBe(untied);
});
test('GPT-2 in its parts, MiniGPT of the course page, GPT-3, nanoGPT from scratch', () => {
  expect(gpt2(12, 768).body).toBe(85_056_000);
  const mini = gptParameters({ layers: 4, width: 256, vocab: 50257, context: 512 });
  expect([mini.total, mini.body, mini.tables]).toEqual([16_156_416, 3_159_552, 12_865_792 + 131_072]);
  expect(gptParameters({ layers: 96, width: 12288, vocab: 50257, context: 2048 }).total).toBe(174_604_259_328);
  expect(gptParameters({ layers: 12, width: 768, vocab: 50257, context: 2048 }).total).toBe(125_226_240);
  expect(gptParameters({ layers: 12, width: 768, vocab: 50304, context: 1024, bias: false }).total).toBe(124_373_760);
});
test.each([true, false])('equals the count of the family gpt by its own list of shapes, flags %s', (flag) => {
  const shape = { layers: 3, width: 24, context: 17, hidden: 50, tied: flag, bias: !flag };
  const rest = { heads: 4, dropout: 0, gelu: 'erf', epsilon: 1e-5, initStd: 0.02, residualScaling: true } as const;
  const own = countParameters({ ...shape, ...rest, vocabSize: 101 });
  expect(gptParameters({ ...shape, vocab: 101 })).toMatchObject({ total: own.total, body: own.body });
});

const models: readonly (readonly [string, LlamaShape, number])[] = [
  ['Llama-2-7B', { layers: 32, width: 4096, heads: 32, hidden: 11008, vocab: 32000 }, 6_738_415_616],
  ['Llama-2-70B', { layers: 80, width: 8192, heads: 64, kvHeads: 8, hidden: 28672, vocab: 32000 }, 68_976_648_192],
  ['Llama-3-8B', { layers: 32, width: 4096, heads: 32, kvHeads: 8, hidden: 14336, vocab: 128256 }, 8_030_261_248],
  ['Llama-3-70B', { layers: 80, width: 8192, heads: 64, kvHeads: 8, hidden: 28672, vocab: 128256 }, 70_553_706_496],
  ['Mistral-7B v0.1', { layers: 32, width: 4096, heads: 32, kvHeads: 8, hidden: 14336, vocab: 32000 }, 7_241_732_096],
  [
    'Gemma-2B',
    { layers: 18, width: 2048, heads: 8, kvHeads: 1, headWidth: 256, hidden: 16384, vocab: 256000, tied: true },
    2_506_172_416,
  ],
  [
    'Gemma-7B',
    { layers: 28, width: 3072, heads: 16, headWidth: 256, hidden: 24576, vocab: 256000, tied: true },
    8_537_680_896,
  ],
  [
    'Gemma-2-2B',
    {
      layers: 26,
      width: 2304,
      heads: 8,
      kvHeads: 4,
      headWidth: 256,
      hidden: 9216,
      vocab: 256000,
      tied: true,
      norms: 4,
    },
    2_614_341_888,
  ],
  [
    'Qwen2.5-0.5B',
    { layers: 24, width: 896, heads: 14, kvHeads: 2, hidden: 4864, vocab: 151936, tied: true, qkvBias: true },
    494_032_768,
  ],
  [
    'Qwen3-0.6B',
    {
      layers: 28,
      width: 1024,
      heads: 16,
      kvHeads: 8,
      headWidth: 128,
      hidden: 3072,
      vocab: 151936,
      tied: true,
      qkNorm: true,
    },
    596_049_920,
  ],
  ['Phi-3-mini', { layers: 32, width: 3072, heads: 32, hidden: 8192, vocab: 32064 }, 3_821_079_552],
];
test.each(models)('%s', (_, shape, total) => {
  expect(llamaParameters(shape).total).toBe(total);
});
test('Mixtral-8x7B, and what one token passes through', () => {
  const mixtral = { layers: 32, width: 4096, heads: 32, kvHeads: 8, hidden: 14336, vocab: 32000, experts: 8 };
  expect(llamaParameters({ ...mixtral, activeExperts: 2 })).toMatchObject({
    total: 46_702_792_704,
    active: 12_879_925_248,
  });
});
describe('refusals', () => {
  it.each([0, -1, 1.5, NaN])('%s layers', (layers) => {
    expect(() => gptParameters({ layers, width: 8, vocab: 8, context: 8 })).toThrow(
      /'layers' should be a whole number above 0/,
    );
  });
  it('a width that heads do not divide', () => {
    expect(() => llamaParameters({ layers: 1, width: 10, heads: 4, hidden: 8, vocab: 8 })).toThrow(/'headWidth'/);
  });
});
