// The samplers against transformers, llama.cpp's published vectors and the numbers of the course; and what no sampler may do.
import { readFileSync } from 'node:fs';
import { philox4x32 } from '@ingot/tensor';
import { describe, expect, it } from 'vitest';
import { greedy } from './greedy.js';
import { softmax } from './softmax.js';
import { temperature } from './temperature.js';
import { topK } from './top-k.js';
import { topP } from './top-p.js';

interface Reference {
  readonly rows: Readonly<Record<string, readonly (number | null)[]>>;
  readonly cases: readonly {
    readonly row: string;
    readonly sampler: 'top-p' | 'top-k' | 'temperature';
    readonly value: number;
    readonly kept: readonly number[];
    readonly probabilities: readonly number[];
  }[];
}
const reference = JSON.parse(
  readFileSync(new URL('./fixtures/hugging-face-samplers.json', import.meta.url), 'utf8'),
) as Reference;
const samplers = { 'top-p': topP, 'top-k': topK, temperature } satisfies Record<
  string,
  (logits: Float32Array, value: number) => Float32Array
>;
const keptOf = (logits: Float32Array): number[] => [...logits.keys()].filter((id) => logits[id] !== -Infinity);
const expectNear = (got: Iterable<number>, want: readonly number[], tolerance: number): void => {
  for (const [i, number] of [...got].entries())
    expect(Math.abs(number - (want[i] ?? NaN))).toBeLessThanOrEqual(tolerance);
};

describe('against transformers 5.23.0 (fixtures/hugging-face-samplers.py)', () => {
  it.each(reference.cases)('$sampler $value of "$row"', ({ row, sampler, value, kept, probabilities }) => {
    const logits = Float32Array.from(reference.rows[row] ?? [], (logit) => logit ?? -Infinity);
    const got = samplers[sampler](logits, value);
    expect(keptOf(got)).toEqual(kept);
    expectNear(softmax(got), probabilities, 1e-6); // theirs are of single precision
  });
});

describe('the course’s row (run against libllama)', () => {
  const logits = Float32Array.of(2, 1.5, 1, 0.5, 0, -0.5, -1, -2, 3, 2.5);
  it.each([
    [
      'nothing',
      logits,
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [0.145984, 0.088544, 0.053705, 0.032573, 0.019757, 0.011983, 0.007268, 0.002674, 0.396826, 0.240687],
    ],
    ['top-k 3', topK(logits, 3), [0, 8, 9], [0.186324, 0.50648, 0.307196]],
    ['top-p 0.9', topP(logits, 0.9), [0, 1, 2, 8, 9], [0.157694, 0.095646, 0.058012, 0.428656, 0.259993]],
    ['top-p 0.5', topP(logits, 0.5), [8, 9], undefined],
    ['top-p 0.33', topP(logits, 0.33), [8], [1]],
    [
      'temperature 0.7',
      temperature(logits, 0.7),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [0.12248, 0.059959, 0.029353, 0.014369, 0.007034, 0.003444, 0.001686, 0.000404, 0.511077, 0.250194],
    ],
    ['greedy', greedy(logits), [8], [1]],
  ] as const)('%s', (_, got, kept, probabilities) => {
    expect(keptOf(got)).toEqual(kept);
    if (probabilities)
      expectNear(
        softmax(got).filter((p) => p > 0),
        probabilities,
        1e-6,
      ); // printed with six digits
  });
});

// ggerganov/llama.cpp @c392e5094deaf2d1a7c18683214f007fad3fe42b tests/test-sampling.cpp (MIT), sorted downwards, tolerance 1e-5.
// Its `top_k 0` means "off"; here that is leaving the sampler out, and 0 is refused.
describe('llama.cpp’s published vectors', () => {
  const tenths = Float32Array.of(0.1, 0.2, 0.3, 0.4).map(Math.log);
  it.each([
    ['temp 1', temperature(tenths, 1), [0.4, 0.3, 0.2, 0.1]],
    ['temp 0', temperature(tenths, 0), [1]],
    ['top_k 1', topK(tenths, 1), [1]],
    ['top_k 3', topK(tenths, 3), [0.44444, 0.33333, 0.22222]],
    ['top_k 4', topK(tenths, 4), [0.4, 0.3, 0.2, 0.1]],
    ['top_p 0', topP(tenths, 0), [1]],
    ['top_p 0.7', topP(tenths, 0.7), [0.571429, 0.428571]],
    ['top_p 0.8', topP(tenths, 0.8), [0.44444, 0.33333, 0.22222]],
    ['top_p 1', topP(tenths, 1), [0.4, 0.3, 0.2, 0.1]],
  ])('%s', (_, got, want) => {
    const probabilities = [...softmax(got)].filter((p) => p > 0).sort((a, b) => b - a);
    expect(probabilities).toHaveLength(want.length);
    expectNear(probabilities, want, 1e-5);
  });

  // Its sampler queues, over 10,000 tokens of probability 1/n·… in the order of ids: how many stay, and the least of them.
  const ids = Float32Array.from({ length: 10_000 }, (_, i) => Math.log(i));
  const total = (10_000 * 9_999) / 2;
  const massFrom = (first: number): number => (total - (first * (first - 1)) / 2) / total;
  it.each([
    ['k 10000', topK(ids, 10_000)],
    ['p 1', topP(ids, 1)],
  ])('the queue "%s" removes nothing', (_, got) => expect(got).toEqual(ids));
  it.each([
    ['k 1', topK(ids, 1)],
    ['p 0', topP(ids, 0)],
    ['p 0.0002', topP(ids, 0.0002)],
  ])('the queue "%s" leaves at most the two most likely', (_, got) =>
    expect(keptOf(got).every((id) => id >= 9_998)).toBe(true),
  );
  it('the queue "k 100" leaves the hundred most likely', () =>
    expect(keptOf(topK(ids, 100))).toEqual(Array.from({ length: 100 }, (_, i) => 9_900 + i)));
  it('the queue "p 0.8" leaves the smallest set that holds 0.8', () => {
    const [first = 0] = keptOf(topP(ids, 0.8));
    expect(keptOf(topP(ids, 0.8))).toHaveLength(10_000 - first);
    expect(massFrom(first)).toBeGreaterThanOrEqual(0.8);
    expect(massFrom(first + 1)).toBeLessThan(0.8);
  });
});

describe('every sampler, over 150 random rows with ties', () => {
  const row = (trial: number): Float32Array =>
    Float32Array.from({ length: 1 + (trial % 40) }, (_, i) => {
      const [word, removed] = philox4x32([i, trial, 0, 0], [4, 0]);
      return i > 0 && removed % 5 === 0 ? -Infinity : ((word % 23) - 11) / 3;
    });
  const rows = Array.from({ length: 150 }, (_, trial) => row(trial));
  it.each([
    ['greedy', greedy],
    ...[0, 0.3, 1, 2].map((t) => [`temperature ${t}`, (x: Float32Array) => temperature(x, t)] as const),
    ...[1, 3, 50].map((k) => [`top-k ${k}`, (x: Float32Array) => topK(x, k)] as const),
    ...[0, 0.2, 0.5, 0.9, 0.999, 1].map((p) => [`top-p ${p}`, (x: Float32Array) => topP(x, p)] as const),
  ] as const)(
    '%s never widens the support, keeps the likeliest, keeps the order and changes nothing in place',
    (_, sampler) => {
      for (const logits of rows) {
        const before = logits.slice();
        const got = sampler(logits);
        expect(logits).toEqual(before);
        const kept = keptOf(got);
        expect(kept.length).toBeGreaterThan(0);
        for (const id of kept) expect(logits[id]).not.toBe(-Infinity);
        const best = logits.reduce((most, x) => Math.max(most, x), -Infinity);
        expect(kept.some((id) => logits[id] === best)).toBe(true);
        for (const a of kept)
          for (const b of kept) if (logits[a]! > logits[b]!) expect(got[a]!).toBeGreaterThan(got[b]!);
      }
    },
  );
  it('top-p holds p, and without its least likely token would hold less', () => {
    for (const logits of rows)
      for (const p of [0.2, 0.5, 0.9]) {
        const all = softmax(logits);
        const kept = keptOf(topP(logits, p)).map((id) => all[id] ?? 0);
        const mass = kept.reduce((sum, x) => sum + x, 0);
        expect(mass).toBeGreaterThan(p - 2 ** -22);
        expect(mass - Math.min(...kept)).toBeLessThan(p);
      }
  });
  it('top-p before or after sorting out the small tokens is the same as the plain rule', () => {
    for (const logits of rows)
      for (const p of [0.1, 0.5, 0.9, 0.99]) {
        const all = softmax(logits);
        const order = [...logits.keys()].sort((a, b) => logits[a]! - logits[b]! || a - b);
        let cumulative = 0;
        const kept = order.filter(
          (id, place) => (cumulative += all[id]!) > 1 - p + 2 ** -23 || place === order.length - 1,
        );
        expect(keptOf(topP(logits, p))).toEqual(kept.sort((a, b) => a - b));
      }
  });
});

describe('refusals', () => {
  const logits = Float32Array.of(1, 2);
  it.each([
    [() => topP(logits, 1.1), /top-p, p: wanted a number from 0 to 1, got 1.1/],
    [() => topP(logits, NaN), /top-p, p/],
    [() => topK(logits, 0), /top-k, k: wanted a whole number of at least 1, got 0/],
    [() => topK(logits, 1.5), /top-k/],
    [() => temperature(logits, -1), /temperature, value: wanted a number of at least 0, got -1/],
    [() => temperature(logits, NaN), /temperature/],
  ])('%o', (call, message) => expect(call).toThrow(message));
});
