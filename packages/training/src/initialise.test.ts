// Initial parameters depend on the seed and the name alone, and have the stated distribution.
import { referenceDevice } from '@ingot/tensor';
import type { ParameterSpec } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { initialParameters, namedKey } from './index.js';

const spec = (name: string, size = 64, std = 0.02): ParameterSpec => ({
  name,
  shape: [size, size],
  init: { kind: 'normal', std },
});
const make = (specs: readonly ParameterSpec[], seed = 5) => initialParameters(referenceDevice(), specs, seed);

describe('initialParameters', () => {
  it('does not depend on order or company', () => {
    const both = make([spec('a'), spec('b')]);
    const turned = make([spec('c'), spec('b'), spec('a')]);
    for (const name of ['a', 'b']) expect(turned.get(name).read()).toEqual(both.get(name).read());
    expect(both.get('a').read()).not.toEqual(both.get('b').read());
    expect(
      make([spec('a')], 6)
        .get('a')
        .read(),
    ).not.toEqual(both.get('a').read());
  });
  it('draws N(0, std)', () => {
    const values = [
      ...make([spec('a', 256)])
        .get('a')
        .read(),
    ];
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    // 65,536 draws: the mean's deviation is 0.02 / 256, the deviation's 0.02 / 362; five of each.
    expect(Math.abs(mean)).toBeLessThan((5 * 0.02) / 256);
    expect(Math.abs(std - 0.02)).toBeLessThan((5 * 0.02) / 362);
  });
  it('fills norms and biases', () => {
    const tree = make([
      { name: 'w', shape: [3], init: { kind: 'ones' } },
      { name: 'b', shape: [3], init: { kind: 'zeros' } },
    ]);
    expect([[...tree.get('w').read()], [...tree.get('b').read()]]).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });
  it('tells seeds above 2^32 apart', () => {
    expect(namedKey(1, 'a')).not.toEqual(namedKey(1 + 2 ** 32, 'a'));
  });
});
