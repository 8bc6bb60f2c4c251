// The split rule: by content, stable when documents are added, never an empty side.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitDocuments } from './split-documents.js';

const shakespeare = new URL('../../../../shared/data/corpora/tinyshakespeare.txt', import.meta.url);
if (!existsSync(shakespeare))
  console.log('skipped: the counts of nanoGPT want ../shared/data/corpora/tinyshakespeare.txt, which is not there');

const many = Array.from({ length: 2_000 }, (_, i) => `document ${i}`);

describe('splitDocuments', () => {
  it('gives about the wanted fraction, keeps order, loses and doubles nothing', () => {
    const { train, validation, by } = splitDocuments(many, 0.1);
    expect(by).toBe('document');
    expect(validation.length).toBeGreaterThan(160); // 200 expected, standard deviation 13
    expect(validation.length).toBeLessThan(240);
    expect([...train, ...validation].toSorted()).toEqual([...many].toSorted());
    expect(validation.map((d) => many.indexOf(d))).toEqual(
      validation.map((d) => many.indexOf(d)).toSorted((a, b) => a - b),
    );
  });
  it('moves nothing to the other side when documents are added', () => {
    const before = new Set(splitDocuments(many.slice(0, 1_000), 0.1).validation);
    const after = new Set(splitDocuments(many, 0.1).validation);
    for (const document of many.slice(0, 1_000)) expect(after.has(document)).toBe(before.has(document));
  });
  it.each([2, 3])('leaves neither side of %i documents empty, at any fraction', (count) => {
    for (const fraction of [0.001, 0.5, 0.999]) {
      const { train, validation } = splitDocuments(many.slice(0, count), fraction);
      expect(train.length).toBeGreaterThan(0);
      expect(validation.length).toBeGreaterThan(0);
    }
  });
  it('cuts a single document at a line break', () => {
    const text = 'line of text\n'.repeat(100);
    const { train, validation, by } = splitDocuments([text], 0.1);
    expect(by).toBe('position');
    expect(train[0]! + validation[0]!).toBe(text);
    expect(train[0]!.endsWith('\n')).toBe(true);
    expect(validation[0]!.length).toBeLessThanOrEqual(130);
  });
  it('cuts exactly, by code points, as nanoGPT does', () => {
    const { train, validation } = splitDocuments(['🙂a\nb'.repeat(5)], 0.1, 'exact');
    expect([...train[0]!].length).toBe(18);
    expect(validation[0]).toBe('\nb');
  });
  it.skipIf(!existsSync(shakespeare))('gives the counts of nanoGPT on tinyshakespeare', () => {
    const { train, validation } = splitDocuments([readFileSync(shakespeare, 'utf8')], 0.1, 'exact');
    expect([train[0]!.length, validation[0]!.length]).toEqual([1_003_854, 111_540]);
  });
  it('never cuts a surrogate pair', () => {
    const { train } = splitDocuments(['🙂'.repeat(9)], 0.5);
    expect(train[0]!.length % 2).toBe(0);
  });
  it.each([0, 1, -1, Number.NaN])('refuses the fraction %s', (fraction) => {
    expect(() => splitDocuments(many, fraction)).toThrow(RangeError);
  });
});
