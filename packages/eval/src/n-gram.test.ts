// The n-gram baseline: normalised, right on worked examples, and at home on real text.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gzipBitsPerByte } from './gzip.js';
import { ByteNgram } from './n-gram.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('ByteNgram', () => {
  it.each([1, 2, 3, 6])('of order %i gives probabilities over 256 bytes that sum to 1', (order) => {
    const model = new ByteNgram(order);
    model.train(bytes('the cat sat on the mat and the rat sat on the cat'));
    for (const before of ['', 't', 'th', 'the ', 'zzzzzz', 'the cat s']) {
      const document = bytes(`${before}?`);
      let sum = 0;
      for (let byte = 0; byte < 256; byte++) {
        document[document.length - 1] = byte;
        sum += model.probability(document, document.length - 1);
      }
      expect(sum).toBeCloseTo(1, 12); // 256 additions in double
    }
  });

  it('follows the Witten-Bell formula on a worked example', () => {
    const model = new ByteNgram(2);
    model.train(bytes('abab'));
    // order 1: N = 4, T = 2: P(a) = (2 + 2/256) / 6; order 2 after b: N(b) = 1, T(b) = 1: P(a | b) = (1 + P(a)) / 2
    const single = (2 + 2 / 256) / 6;
    expect(model.probability(bytes('a'), 0)).toBeCloseTo(single, 15);
    expect(model.probability(bytes('ba'), 1)).toBeCloseTo((1 + single) / 2, 15);
    expect(model.bits(bytes('ba'))).toBeCloseTo(-Math.log2(single) - Math.log2((1 + single) / 2), 12);
  });

  it('costs 8 bits a byte before it has seen anything', () => {
    expect(new ByteNgram(4).bits(bytes('abc'))).toBe(24);
  });

  it('does better with longer contexts on repetitive text, and never sees across documents', () => {
    const text = bytes('to be or not to be, that is the question. '.repeat(40));
    const bits = [1, 2, 4].map((order) => {
      const model = new ByteNgram(order);
      model.train(text);
      return model.bits(text) / text.length;
    });
    expect(bits[0]).toBeGreaterThan(bits[1]!);
    expect(bits[1]).toBeGreaterThan(bits[2]!);
    const apart = new ByteNgram(2);
    apart.train(bytes('a'));
    apart.train(bytes('b'));
    expect(apart.probability(bytes('ab'), 1)).toBe(apart.probability(bytes('b'), 0));
  });

  it.each([0, 7, 1.5, Number.NaN])('refuses the order %s', (order) => {
    expect(() => new ByteNgram(order)).toThrow(/order from 1 to 6/);
  });
});

describe('gzipBitsPerByte', () => {
  it('needs about eight bits for random bytes and few for repeated ones', () => {
    const random = Buffer.concat(
      Array.from({ length: 600 }, (_, i) => createHash('sha256').update(String(i)).digest()),
    );
    expect(gzipBitsPerByte([random])).toBeGreaterThan(7.9);
    expect(gzipBitsPerByte([bytes('ab'.repeat(5_000)), bytes('ab'.repeat(5_000))])).toBeLessThan(0.1);
  });
});
