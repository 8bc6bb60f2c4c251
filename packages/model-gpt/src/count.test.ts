// Parameter counts of the goldens, section 7.1, all exact.
import { describe, expect, it } from 'vitest';
import { countParameters, gptConfig, presets, type GptConfig, type PresetName } from './index.js';

const published: readonly (readonly [
  PresetName,
  tied: number,
  untied: number | undefined,
  body: number | undefined,
])[] = [
  ['gpt2', 124_439_808, 163_037_184, 85_056_000],
  ['gpt2-medium', 354_823_168, 406_286_336, 302_311_424],
  ['gpt2-large', 774_030_080, 838_359_040, 708_390_400],
  ['gpt2-xl', 1_557_611_200, 1_638_022_400, 1_475_561_600],
  ['minigpt', 16_156_416, 29_022_208, 3_159_552],
  ['gpt3', 174_604_259_328, undefined, undefined],
  ['gpt3-small', 125_226_240, undefined, undefined],
];

describe('countParameters', () => {
  it.each(published)('%s', (name, tied, untied, body) => {
    expect(countParameters(presets[name]).total).toBe(tied);
    if (untied !== undefined) expect(countParameters({ ...presets[name], tied: false }).total).toBe(untied);
    if (body !== undefined) expect(countParameters(presets[name]).body).toBe(body);
  });

  it("counts the page's tables apart from its body", () => {
    expect(countParameters(presets.minigpt)).toMatchObject({ tokens: 12_865_792, positions: 131_072, head: 0 });
  });

  const nanoGPT = (layers: number, width: number, context: number, vocabSize: number): GptConfig => ({
    ...presets.gpt2,
    layers,
    heads: layers,
    width,
    hidden: 4 * width,
    context,
    vocabSize,
    bias: false,
  });
  it.each([
    ['GPT-2 as loaded', presets.gpt2, 124_439_808, 123_653_376],
    ['GPT-2 from scratch', { ...presets.gpt2, vocabSize: 50304, bias: false }, 124_373_760, 123_587_328],
    ['shakespeare_char', nanoGPT(6, 384, 256, 65), 10_745_088, 10_646_784],
    ['its CPU configuration', nanoGPT(4, 128, 64, 65), 804_096, 795_904],
  ] as const)('prints what nanoGPT prints: %s', (_, config, total, printed) => {
    expect(countParameters(config)).toMatchObject({ total, nanoGPT: printed });
  });

  it('pads the vocabulary to a multiple', () => {
    expect(gptConfig({ preset: 'gpt2', vocabMultiple: 64 }, 50257).vocabSize).toBe(50304);
    expect(gptConfig({ preset: 'gpt2', vocabMultiple: 512 }, 50257).vocabSize).toBe(50688);
    expect(gptConfig({ preset: 'gpt2' }, 50257).vocabSize).toBe(50257);
  });
});
