// Pieces are counted as if each were a string in a map.
import { expect, it } from 'vitest';
import { randomNumbers, randomText } from './random-text.fixture.js';
import { compilePattern, SPLIT_PATTERNS, splitText } from './split-patterns.js';
import { PieceCounts } from './train-bpe.js';

it.each(['gpt2', 'cl100k', 'o200k'] as const)('counts the pieces of %s', (name) => {
  const random = randomNumbers(29);
  const documents = Array.from(
    { length: 40_000 },
    () => `${randomText(random, 12)} the cat ${'x'.repeat(random() * 300)}`,
  );
  const pieces = new PieceCounts(name);
  const wanted = new Map<string, number>();
  const pattern = compilePattern(SPLIT_PATTERNS[name]);
  for (const document of documents) {
    pieces.add(document);
    for (const piece of splitText(document, pattern)) wanted.set(piece, (wanted.get(piece) ?? 0) + 1);
  }
  expect(wanted.get(' cat')).toBeGreaterThan(9_900);
  expect(pieces.counts).toEqual(wanted);
});
