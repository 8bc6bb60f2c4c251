// Codes and scales are numpy's and torch's bit for bit (bench/peers/int8_rows.py), and bitsandbytes' wherever its reciprocal does not overflow.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { quantiseRows, relativeError } from './quantise-rows.js';

interface Case {
  readonly kind: 'plain' | 'rows' | 'magnitudes' | 'ties';
  readonly rows: number;
  readonly columns: number;
  readonly weights: string;
  readonly codes: string;
  readonly scales: string;
  readonly first: readonly number[];
  readonly torchEqual: boolean;
  readonly bitsandbytes: { readonly codesApart: number; readonly absmaxEqual: boolean };
}
const { cases } = JSON.parse(readFileSync(new URL('fixtures/int8-rows.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const sha = (array: Float32Array | Int8Array): string =>
  createHash('sha256')
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest('hex');

/** The same numbers as the script's. */
const weightsOf = ({ kind, rows, columns }: Case): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, i) => {
    const unit = Number((BigInt(i) * 2654435761n + 12345n) % 2n ** 32n) / 2 ** 32 - 0.5;
    const row = Math.floor(i / columns);
    if (kind === 'rows') return unit * (0.01 * (1 + (row % 7)));
    if (kind === 'ties') return i % columns === 0 ? 127 : Math.floor(unit * 252) + 0.5;
    if (kind === 'magnitudes') return row === rows / 2 ? 0 : unit * 2 ** (-150 + Math.floor((274 * row) / (rows - 1)));
    return unit;
  });

describe.each(cases)('$kind $rows × $columns', (wanted) => {
  const weights = weightsOf(wanted);
  const { codes, scales } = quantiseRows(weights, wanted.rows, wanted.columns);
  it('equals the reference to the last bit', () => {
    expect(sha(weights), 'the input itself').toBe(wanted.weights);
    expect([...codes.subarray(0, 8)]).toEqual(wanted.first);
    expect(sha(codes)).toBe(wanted.codes);
    expect(sha(scales)).toBe(wanted.scales);
    expect(wanted.torchEqual).toBe(true);
    // 127 / absmax, by which bitsandbytes multiplies, is infinite where absmax is below 4e-37
    expect(wanted.bitsandbytes).toMatchObject({
      absmaxEqual: true,
      ...(wanted.kind === 'magnitudes' ? {} : { codesApart: 0 }),
    });
  });
  it('every weight is within half a step, and quantising what was unpacked gives the same codes', () => {
    const unpacked = Float32Array.from(codes, (code, i) => code * (scales[Math.floor(i / wanted.columns)] ?? 0));
    for (const [i, weight] of weights.entries()) {
      const step = scales[Math.floor(i / wanted.columns)] ?? 0;
      // the quotient is rounded to 24 bits before it is rounded to a whole number; below 2^-126 steps themselves are rounded
      expect(Math.abs(weight - (unpacked[i] ?? NaN))).toBeLessThanOrEqual(step * 0.50001 + 2 ** -149 * 64);
    }
    const again = quantiseRows(unpacked, wanted.rows, wanted.columns);
    const normal = (row: number): boolean => (scales[row] ?? 0) > 2 ** -126 || scales[row] === 0;
    for (const [i, code] of codes.entries())
      if (normal(Math.floor(i / wanted.columns))) expect(again.codes[i], `element ${i}`).toBe(code);
  });
});

test('the example of LLM.int8', () => {
  const made = quantiseRows(Float32Array.of(1, -2, 3, 0.5, 10, 0.1, -7, 2.5), 2, 4);
  expect([...made.codes]).toEqual([42, -85, 127, 21, 127, 1, -89, 32]);
  expect([...made.scales]).toEqual([Math.fround(3 / 127), Math.fround(10 / 127)]);
});
test('the error is the norm of the difference over the norm', () => {
  expect(relativeError(Float32Array.of(3, 4), { codes: Int8Array.of(3, 0), scales: Float32Array.of(1) })).toBe(0.8);
  expect(relativeError(new Float32Array(2), quantiseRows(new Float32Array(2), 1, 2))).toBe(0);
});
test.each([
  [Float32Array.of(1, NaN), /Row 0, column 1 .* is NaN/],
  [Float32Array.of(-Infinity, 1), /Row 0, column 0 .* is -Infinity/],
])('refuses %s', (weights, message) => {
  expect(() => quantiseRows(weights, 1, 2)).toThrow(message);
});
test('refuses weights that are no matrix of that size', () => {
  expect(() => quantiseRows(new Float32Array(5), 2, 3)).toThrow(/5 weights were given for a matrix of 2 × 3/);
});
