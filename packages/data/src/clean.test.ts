// Cleaning and deduplication, each rule on its own.
import { describe, expect, it } from 'vitest';
import { clean, cleaner, type CleanOptions } from './clean.js';
import { withoutCopies } from './deduplicate.js';

const cleaned = (document: string, how: Partial<CleanOptions> = {}) => cleaner(clean.options.parse(how))(document);

describe('cleaner', () => {
  it('normalises Unicode, removes control characters, cuts line ends', () => {
    expect(cleaned('cafe\u0301 \t\r\n\n\n\nb\u0007ell\u0085\tx\n')).toBe('caf\u00e9\n\nbell\tx');
    expect(cleaned('cafe\u0301', { normalise: 'none' })).toBe('cafe\u0301');
    expect(cleaned('\uFB01', { normalise: 'NFKC' })).toBe('fi');
  });
  it('keeps or collapses spaces', () => {
    expect(cleaned('  a  b \n', { spaces: 'keep' })).toBe('  a  b \n');
    expect(cleaned('  a  \t b \n c', { spaces: 'collapse' })).toBe('a b\nc');
  });
  it('drops by length, by line and by document', () => {
    expect(cleaned('abc', { minCharacters: 4 })).toBeUndefined();
    expect(cleaned('abcde', { maxCharacters: 4 })).toBeUndefined();
    expect(cleaned('keep\nPage 12\nthis', { dropLines: ['^Page \\d+$'] })).toBe('keep\nthis');
    expect(cleaned('Table of contents …', { dropDocuments: ['^Table of contents'] })).toBeUndefined();
  });
  it('refuses a pattern that is none', () => {
    expect(() => cleaned('a', { dropLines: ['('] })).toThrow(
      /option 'dropLines': wanted a regular expression, got '\('/,
    );
  });
});

describe('withoutCopies', () => {
  it('keeps the first of equal documents, in order', () => {
    expect(withoutCopies(['b', 'a', 'b', 'A', 'a'])).toEqual(['b', 'a', 'A']);
    expect(withoutCopies(['b', 'a', 'b', 'A', 'a'], (d) => d.toLowerCase())).toEqual(['b', 'a']);
  });
});
