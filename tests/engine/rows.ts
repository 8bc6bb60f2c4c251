// A row of logits has the same bits alone, in a batch of 64, prefilled in any pieces and decoded token by token, on every build of the
// kernels; so a rollout's log-probabilities are the trainer's, and a sample does not depend on its neighbours.
import type { DesignValue, FamilyValue } from '@ingot/contracts';
import { generateAll, logProbabilities, openModel, type OpenModel } from '@ingot/decoding';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { KeyValueCache, noGrad, scope, tensor, type Device, type ParameterTree } from '@ingot/tensor';
import { initialParameters } from '@ingot/training';
import { describe, expect, it } from 'vitest';
import { builds } from './builds.js';
import { groupedDesign, groupedFamily } from './grouped-family.js';

const [V, BATCH] = [83, 64];
const tokenizer = { json: {}, vocabSize: V, digest: 'none' };

interface Case {
  readonly family: FamilyValue;
  readonly design: DesignValue;
  /** Lengths of whole sequences. */
  readonly lengths: readonly number[];
}
const grouped = (heads: number, kvHeads: number, headSize: number, more = {}): Omit<Case, 'lengths'> => ({
  family: groupedFamily,
  design: groupedDesign({ layers: 2, heads, kvHeads, headSize, hidden: 47, ...more }, V, 300),
});
/** Small ones. */
export const cases: Readonly<Record<string, Case>> = {
  // Initial values far from zero, so that no two rows are alike.
  'a GPT of width 33': {
    family: gptFamily,
    design: gptDesign({ layers: 2, heads: 3, width: 33, context: 67, initStd: 0.4 }, tokenizer),
    lengths: [1, 2, 13, 67],
  },
  'a GPT of width 8, one head': {
    family: gptFamily,
    design: gptDesign({ layers: 1, heads: 1, width: 8, context: 31, initStd: 0.5 }, tokenizer),
    lengths: [1, 31],
  },
  // Sums over more than one block of k.
  'a GPT of width 291': {
    family: gptFamily,
    design: gptDesign({ layers: 1, heads: 3, width: 291, context: 9, initStd: 0.2 }, tokenizer),
    lengths: [1, 9],
  },
  '6 heads of 7 over 2': { ...grouped(6, 2, 7), lengths: [1, 29] },
  '5 heads of 4 over 1, a window of 9, capped': { ...grouped(5, 1, 4, { window: 9, softcap: 5 }), lengths: [1, 37] },
};

/** Takes seconds on each build. */
export const longCases: Readonly<Record<string, Case>> = {
  // Whole tiles of keys lie before the window.
  '4 heads of 12 over 4, a window of 150': { ...grouped(4, 4, 12, { window: 150 }), lengths: [283] },
};

const idsOf = (row: number, length: number): number[] =>
  Array.from({ length }, (_, i) => (row * 37 + i * i * 11 + i * (row % 7)) % V);

/** Logits of every position of some rows, (rows, T, V), without a cache. */
const whole = ({ device, family, design, weights }: OpenModel, rows: readonly number[], T: number): Float32Array =>
  noGrad(() =>
    scope(() => {
      const ids = tensor(
        device,
        rows.flatMap((row) => idsOf(row, T)),
        [rows.length, T],
        'i32',
      );
      return weights.logits(family.head(design), family.forward(design, weights, ids)).read() as Float32Array;
    }),
  );

/** The same over a cache whose slots are not in the rows' order, fed in pieces of these lengths. */
const inPieces = (model: OpenModel, rows: readonly number[], pieces: readonly number[]): Float32Array => {
  const { device, family, design, weights } = model;
  const T = pieces.reduce((sum, n) => sum + n, 0);
  const { layers, width } = family.cache(design);
  const cache = KeyValueCache.create(device, { layers, slots: rows.length + 1, capacity: T, width });
  const slots = rows.map((_, i) => rows.length - i);
  const logits = new Float32Array(rows.length * T * V);
  let start = 0;
  for (const count of pieces) {
    noGrad(() =>
      scope(() => {
        const some = rows.flatMap((row) => idsOf(row, T).slice(start, start + count));
        const ids = tensor(device, some, [rows.length, count], 'i32');
        const hidden = family.forward(design, weights, ids, { cache: cache.view(slots) });
        const part = weights.logits(family.head(design), hidden).read() as Float32Array; // (rows, count, V)
        rows.forEach((_, i) => logits.set(part.subarray(i * count * V, (i + 1) * count * V), (i * T + start) * V));
      }),
    );
    cache.advance(slots, count);
    start += count;
  }
  cache.dispose();
  return logits;
};

/** Where two rows of logits first differ; undefined where they have the same bits. */
const difference = (a: Float32Array, b: Float32Array): string | undefined => {
  if (a.length !== b.length) return `${a.length} numbers, and ${b.length}`;
  const at = a.findIndex((x, i) => !Object.is(x, b[i]));
  return at < 0 ? undefined : `position ${Math.floor(at / V)}, logit ${at % V}: ${a[at]}, and ${b[at]}`;
};

const withModel = (device: Device, { family, design }: Case, body: (model: OpenModel) => void): void => {
  const parameters: ParameterTree = initialParameters(device, family.parameters(design), 11);
  body(openModel({ device, family, design, parameters }));
  parameters.dispose();
};

/** Registers a test for each build and case. */
export const rowBits = (some: Readonly<Record<string, Case>>): void =>
  describe.each(builds)('$name', ({ open }) => {
    it.each(Object.entries(some))('%s: logits alone, among 64, prefilled and decoded', async (_, one) => {
      const device = await open(2);
      withModel(device, one, (model) => {
        const all = Array.from({ length: BATCH }, (__, row) => row);
        for (const T of one.lengths) {
          const among = whole(model, all, T);
          const rowOf = (from: Float32Array, row: number) => from.subarray(row * T * V, (row + 1) * T * V);
          expect(new Set(all.map((row) => rowOf(among, row)[(T - 1) * V])).size).toBeGreaterThan(BATCH / 2);
          const oneByOne = inPieces(
            model,
            all,
            Array.from({ length: T }, () => 1),
          );
          const third = Math.ceil(T / 3);
          const prefilled = inPieces(model, all, T < 3 ? [T] : [third, T - third - 1, 1]);
          for (const row of [0, 1, 31, 63]) {
            const wanted = rowOf(among, row);
            expect(difference(whole(model, [row], T), wanted), `row ${row} of ${T}, alone`).toBeUndefined();
            expect(difference(rowOf(oneByOne, row), wanted), `row ${row} of ${T}, token by token`).toBeUndefined();
            expect(difference(rowOf(prefilled, row), wanted), `row ${row} of ${T}, prefilled`).toBeUndefined();
            const alone = inPieces(
              model,
              [row],
              Array.from({ length: T }, () => 1),
            );
            expect(difference(alone, wanted), `row ${row} of ${T}, alone, token by token`).toBeUndefined();
          }
        }
      });
      device.dispose();
    });
  });

/** Registers a test for each build: samples and their log-probabilities. */
export const rolloutBits = (): void =>
  describe.each(builds)('$name', ({ open }) => {
    it("64 ragged rollouts: each the same alone, its log-probabilities the trainer's", async () => {
      const device = await open(2);
      withModel(device, cases['a GPT of width 33']!, (model) => {
        const prompts = Array.from({ length: BATCH }, (_, row) => idsOf(row, 1 + ((row * 5) % 23)));
        const how = { tokens: 12, seed: 4 };
        const together = generateAll(model, { ...how, prompts, batch: BATCH });
        for (const row of [0, 7, 40, 63]) {
          const prompt = prompts[row]!;
          const [alone] = generateAll(model, { ...how, prompts: [prompt], sequences: [row], prefill: 5 });
          expect(alone).toEqual({ ...together[row], prompt: 0 });
          const { ids, logProbabilities: ours } = together[row]!;
          const theirs = logProbabilities(model, [...prompt, ...ids]).slice(prompt.length - 1);
          expect([...theirs]).toEqual([...ours]);
        }
      });
      device.dispose();
    });
  });
