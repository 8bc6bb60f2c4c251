// Which completions of a row are right answers.
import { expect, it } from 'vitest';
import { referencesOf } from './references.js';

it.each([
  ['none for a prompt alone', [], []],
  ['unmarked', [{ text: 'a' }], ['a']],
  [
    'liked, not disliked',
    [
      { text: 'a', label: false },
      { text: 'b', label: true },
    ],
    ['b'],
  ],
  [
    'ranked first, ties with it',
    [
      { text: 'a', rank: 0 },
      { text: 'b', rank: 0 },
      { text: 'c', rank: 1 },
    ],
    ['a', 'b'],
  ],
  ['disliked, whatever its rank', [{ text: 'a', rank: 0, label: false }], []],
  ['only scored: nobody called it right', [{ text: 'a', score: 3 }], []],
])('%s', (_, completions, wanted) => expect(referencesOf({ prompt: 'p', completions })).toEqual(wanted));
