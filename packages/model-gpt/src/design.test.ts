// The dial, the presets, what may be set, and what is refused.
import { IngotError } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { configOf, gptConfig, gptDesign, presets } from './index.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (IngotError.is(error)) return error.code;
    throw error;
  }
  return 'nothing thrown';
};
const tokenizer = { json: {}, vocabSize: 65, digest: 'd' };

describe('gptConfig', () => {
  it('makes GPT-2 small of depth 12', () => {
    expect(gptConfig({ depth: 12 }, 50257)).toEqual(presets.gpt2);
  });
  it('derives width, heads and context from depth', () => {
    expect(gptConfig({ depth: 1 }, 65)).toMatchObject({ layers: 1, heads: 1, width: 64, hidden: 256, context: 64 });
    expect(gptConfig({}, 65)).toMatchObject({ layers: 4, heads: 4, width: 256, hidden: 1024, context: 256 });
    expect(gptConfig({ depth: 6 }, 65)).toMatchObject({ width: 384, context: 512 });
    expect(gptConfig({ depth: 24 }, 65)).toMatchObject({ width: 1536, context: 1024 });
  });
  it('lets every derived value be set', () => {
    const set = {
      layers: 3,
      heads: 2,
      width: 48,
      hidden: 100,
      context: 33,
      bias: false,
      tied: false,
      dropout: 0.25,
      gelu: 'erf',
      epsilon: 1e-6,
      initStd: 0.01,
      residualScaling: false,
    } as const;
    expect(gptConfig({ depth: 4, ...set }, 65)).toEqual({ ...set, vocabSize: 65 });
    expect(gptConfig({ preset: 'minigpt', width: 64 }, 65)).toMatchObject({
      width: 64,
      hidden: 256,
      heads: 8,
      gelu: 'erf',
    });
  });
  it('refuses what does not fit together', () => {
    expect(codeOf(() => gptConfig({ depth: 4, preset: 'gpt2' }, 65))).toBe('bad-options');
    expect(codeOf(() => gptConfig({ width: 30, heads: 4 }, 65))).toBe('bad-options');
    expect(codeOf(() => gptConfig({ width: 6, heads: 2, dropout: 0.1 }, 65))).toBe('bad-options');
    expect(() => gptConfig({ width: 30, heads: 4 }, 65)).toThrow(
      'width 30 must be a multiple of heads 4: try width 32',
    );
  });
});

describe('configOf', () => {
  it('refuses a design of another family or a broken configuration', () => {
    const design = gptDesign({ depth: 1 }, tokenizer);
    expect(configOf(design)).toMatchObject({ vocabSize: 65 });
    expect(codeOf(() => configOf({ ...design, family: 'llama' }))).toBe('bad-options');
    expect(codeOf(() => configOf({ ...design, config: { ...design.config, heads: 0.5 } }))).toBe('bad-options');
  });
});
