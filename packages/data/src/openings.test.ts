// Openings of passages: where they are cut, and that nothing of the passage is lost between them.
import { describe, expect, it } from 'vitest';
import { cutOpening } from './openings.js';

const how = { openingWords: 6, responseWords: 8 };

describe('cutOpening', () => {
  it('cuts at the end of a sentence near the wanted length, in the question and in the answer', () => {
    const passage =
      'Call me Ishmael. Some years ago I went to sea. It was cold. “Not that it mattered!” I told nobody.';
    expect(cutOpening(passage, how)).toEqual({
      opening: 'Call me Ishmael.',
      continuation: ' Some years ago I went to sea.',
    });
    expect(cutOpening(passage, { openingWords: 8, responseWords: 8 })).toEqual({
      opening: 'Call me Ishmael. Some years ago I went to sea.',
      continuation: ' It was cold. “Not that it mattered!”',
    });
  });
  it('cuts at the end of a line where there is no sentence, at a clause where there is no line, else at the word', () => {
    expect(cutOpening('one two three four\nfive six seven eight nine', how)?.opening).toBe('one two three four');
    expect(cutOpening('one two three four five, six seven eight nine', how)?.opening).toBe('one two three four five,');
    expect(cutOpening('a b c d e f g h i j k', how)).toEqual({ opening: 'a b c d e f', continuation: ' g h i j k' });
  });
  it('keeps the white space between both', () => {
    const passage = 'one two three\nfour five\n\nsix seven eight nine';
    const { opening, continuation } = cutOpening(` ${passage}\n`, how)!;
    expect(opening + continuation).toBe(passage);
  });
  it('has nothing for a passage that is too short', () => {
    expect(cutOpening('Chapter 1. Loomings.', how)).toBeUndefined();
    expect(cutOpening('one two three four', how)).toBeUndefined();
    expect(cutOpening('', how)).toBeUndefined();
    expect(cutOpening('one two three four five', how)).toEqual({
      opening: 'one two three',
      continuation: ' four five',
    });
  });
});
