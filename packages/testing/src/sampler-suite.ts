// The contract of a sampler: it may narrow the choice and change its odds, never widen it or make it empty.
import type { SamplerFunction } from '@ingot/contracts';
import { expect } from 'vitest';
import { registerChecks, type Check } from './check.js';
import { testNumbers } from './gradient-check.js';

export interface SamplerCase {
  /** Makes the sampler anew. */
  readonly make: () => SamplerFunction;
  /** Of so many ids; by default 50. */
  readonly vocabSize?: number;
}

const rowsOf = (vocabSize: number): Readonly<Record<string, Float32Array>> => {
  const random = testNumbers([vocabSize], 3);
  const half = random.map((logit, id) => (id % 2 ? logit : -Infinity));
  const single = new Float32Array(vocabSize).fill(-Infinity);
  single[vocabSize - 1] = 0.5;
  return {
    'random logits': random,
    'all logits equal': new Float32Array(vocabSize),
    'half of the ids removed already': half,
    'one id left': single,
    'very large logits': random.map((logit) => logit * 1e30),
    'very small differences': random.map((logit) => 1 + logit * 1e-6),
    'ties at the top': random.map((logit, id) => (id < 4 ? 9 : logit)),
  };
};
const step = { history: [1, 2, 3, 2, 1], promptLength: 2 };
const allowed = (logits: Float32Array): readonly number[] =>
  [...logits.keys()].filter((id) => logits[id] !== -Infinity);

/** The checks of a sampler; `samplerSuite` registers them. */
export const samplerChecks = ({ make, vocabSize = 50 }: SamplerCase): readonly Check[] =>
  Object.entries(rowsOf(vocabSize)).flatMap(([word, logits]): Check[] => [
    {
      name: `${word}: one number for each id, none of them NaN or +Infinity`,
      run: () => {
        const changed = make()(logits.slice(), step);
        expect(changed.length).toBe(vocabSize);
        expect([...changed].filter((logit) => Number.isNaN(logit) || logit === Infinity)).toEqual([]);
      },
    },
    {
      name: `${word}: keeps at least one id and adds none`,
      run: () => {
        const before = new Set(allowed(logits));
        const after = allowed(make()(logits.slice(), step));
        expect(after.length).toBeGreaterThan(0);
        expect(
          after.filter((id) => !before.has(id)),
          'ids that were removed before',
        ).toEqual([]);
      },
    },
    {
      name: `${word}: the same each time`,
      run: () => {
        const sampler = make();
        const first = [...sampler(logits.slice(), step)];
        expect([...sampler(logits.slice(), step)], 'the same sampler again').toEqual(first);
        expect([...make()(logits.slice(), step)], 'a new sampler').toEqual(first);
      },
    },
    {
      name: `${word}: works with an empty history`,
      run: () => {
        expect(allowed(make()(logits.slice(), { history: [], promptLength: 0 })).length).toBeGreaterThan(0);
      },
    },
  ]);

/** Registers the contract of a sampler with vitest. */
export const samplerSuite = (name: string, samplerCase: SamplerCase): void =>
  registerChecks(`sampler ${name}`, samplerChecks(samplerCase));
