// The forward pass: with a cache as without, packed documents as apart, dropout as one batch or in pieces, and the context's end.
import { KeyValueCache, noGrad, scope, tensor } from '@ingot/tensor';
import type { ForwardContext } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { gptDesign } from './index.js';
import { miniGpt } from './mini-gpt.fixture.js';

const ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
const model = miniGpt('tanh');
const { device, family, weights } = model;
const dropping = { ...model.design, config: { ...model.design.config, dropout: 0.5 } };

/** Hidden states of rows of ids, (B·T·C) numbers. */
function hidden(rows: readonly (readonly number[])[], context: ForwardContext = {}, design = model.design): number[] {
  const shape = [rows.length, rows[0]!.length];
  return noGrad(() =>
    scope(() =>
      Array.from(
        family.forward(design, weights, tensor(device, Int32Array.from(rows.flat()), shape, 'i32'), context).read(),
      ),
    ),
  );
}
/** Float32 sums in another order: a few units in the last place of numbers near 1. */
const same = (got: readonly number[], wanted: readonly number[]) => {
  expect(got.length).toBe(wanted.length);
  got.forEach((x, i) => expect(Math.abs(x - wanted[i]!)).toBeLessThan(2e-6));
};

describe('gptForward', () => {
  it('gives through a cache, in pieces, what it gives at once', () => {
    const cache = KeyValueCache.create(device, { ...family.cache(model.design), slots: 1, capacity: 16 });
    const pieces = [ids.slice(0, 4), ids.slice(4, 5), ids.slice(5)].flatMap((piece) => {
      const part = hidden([piece], { cache: cache.view([0]) });
      cache.advance([0], piece.length);
      return part;
    });
    cache.dispose();
    same(pieces, hidden([ids]));
  });
  it('keeps packed documents apart', () => {
    const documents = tensor(device, Int32Array.from([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]), [1, 10], 'i32');
    const positions = tensor(device, Int32Array.from([0, 1, 2, 3, 0, 1, 2, 3, 4, 5]), [1, 10], 'i32');
    same(hidden([ids], { documents, positions }), [...hidden([ids.slice(0, 4)]), ...hidden([ids.slice(4)])]);
  });
  it('drops the same in one batch as in pieces, something else at another step, nothing without a counter', () => {
    const rows = [ids, ids.toReversed(), ids];
    const dropout = { seed: 5, step: 2, firstRow: 0 };
    const whole = hidden(rows, { dropout }, dropping);
    same(
      rows.flatMap((row, firstRow) => hidden([row], { dropout: { ...dropout, firstRow } }, dropping)),
      whole,
    );
    expect(whole.slice(0, 320)).not.toEqual(whole.slice(640));
    expect(hidden(rows, { dropout: { ...dropout, step: 3 } }, dropping)).not.toEqual(whole);
    expect(hidden(rows, { dropout: { ...dropout, seed: 5 + 2 ** 32 } }, dropping)).not.toEqual(whole);
    expect(hidden(rows, {}, dropping)).toEqual(hidden(rows));
  });
  it('refuses what is longer than the context', () => {
    const short = gptDesign(
      { preset: 'minigpt', layers: 2, heads: 4, width: 32, context: 8 },
      { json: {}, vocabSize: 64, digest: 'mini' },
    );
    expect(() => hidden([ids], {}, short)).toThrow('This model reads at most 8 tokens, got 10.');
  });
});
