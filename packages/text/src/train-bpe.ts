// Training of byte-level BPE (Sennrich et al. 2016; ids and ties as Hugging Face `tokenizers` 0.23 BpeTrainer): the pair that occurs
// most often is merged, of equals the one with the smaller ids, until the vocabulary is full. Counts are kept up to date
// word by word, so a merge costs what it changes and not a pass over the text.
import { BYTE_CHARACTERS, toAlphabet } from './byte-alphabet.js';
import { PairHeap } from './pair-heap.js';
import { compilePattern, splitText, SPLIT_PATTERNS, type SplitPatternName } from './split-patterns.js';

export interface BpeTrainingOptions {
  /** Special tokens, the 256 bytes and merges together. */
  readonly vocabSize: number;
  readonly pattern: SplitPatternName;
  /** They get the first ids. */
  readonly special: readonly string[];
  /** A pair must occur this often to be merged. */
  readonly minFrequency: number;
}
export interface TrainedBpe {
  /** By id: special tokens, bytes, merges. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [left: string, right: string])[];
}

/** Pairs of ids as one exact double, in the order of (left, right). */
const LEFT = 67_108_864;

/** Pieces of text and how often each occurs. */
export class PieceCounts {
  readonly counts = new Map<string, number>();
  readonly #pattern: RegExp;
  constructor(pattern: SplitPatternName) {
    this.#pattern = compilePattern(SPLIT_PATTERNS[pattern]);
  }
  /** Counts one document's pieces. */
  add(document: string): void {
    for (const piece of splitText(document, this.#pattern)) this.counts.set(piece, (this.counts.get(piece) ?? 0) + 1);
  }
}

/**
 * Learns a vocabulary from counted pieces. It ends early, with fewer tokens, when no pair occurs `minFrequency` times.
 * Throws RangeError when the vocabulary cannot hold the special tokens and the 256 bytes.
 */
export const trainBpe = (
  pieces: ReadonlyMap<string, number>,
  { vocabSize, special, minFrequency }: Omit<BpeTrainingOptions, 'pattern'>,
): TrainedBpe => {
  const least = special.length + 256;
  if (!Number.isInteger(vocabSize) || vocabSize < least)
    throw new RangeError(
      `A byte-level vocabulary wants at least ${least} tokens (${special.length} special and 256 bytes), got ${vocabSize}.`,
    );
  const tokens = [...special, ...[...BYTE_CHARACTERS].toSorted()];
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const merges: [string, string][] = [];

  const words: number[][] = [];
  const wordCounts: number[] = [];
  for (const [piece, count] of pieces) {
    words.push(Array.from(toAlphabet(new TextEncoder().encode(piece)), (character) => idOf.get(character)!));
    wordCounts.push(count);
  }

  const pairCounts = new Map<number, number>();
  const wordsWith = new Map<number, Set<number>>();
  const countPair = (pair: number, change: number, word: number): void => {
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + change);
    if (change <= 0) return;
    const among = wordsWith.get(pair);
    if (among) among.add(word);
    else wordsWith.set(pair, new Set([word]));
  };
  words.forEach((word, i) => {
    for (let k = 0; k + 1 < word.length; k++) countPair(word[k]! * LEFT + word[k + 1]!, wordCounts[i]!, i);
  });
  const queue = new PairHeap();
  for (const [pair, count] of pairCounts) queue.push(count, pair);

  while (tokens.length < vocabSize) {
    const top = queue.pop();
    if (top === undefined) break;
    const [count, pair] = top;
    const current = pairCounts.get(pair) ?? 0;
    if (count !== current) {
      if (current > 0) queue.push(current, pair);
      continue;
    }
    if (count < Math.max(1, minFrequency)) break;
    const left = Math.floor(pair / LEFT);
    const right = pair % LEFT;
    const token = tokens[left]! + tokens[right]!;
    let id = idOf.get(token);
    if (id === undefined) {
      id = tokens.length;
      tokens.push(token);
      idOf.set(token, id);
    }
    merges.push([tokens[left]!, tokens[right]!]);

    const grown = new Set<number>();
    for (const i of wordsWith.get(pair)!) {
      mergeInWord(words[i]!, left, right, id, (changed, sign) => {
        countPair(changed, sign * wordCounts[i]!, i);
        if (sign > 0) grown.add(changed);
      });
    }
    pairCounts.delete(pair);
    wordsWith.delete(pair);
    for (const changed of grown) {
      const now = pairCounts.get(changed) ?? 0;
      if (now > 0) queue.push(now, changed);
    }
  }
  return { tokens, merges };
};

/** Replaces (left, right) by id from left to right, in place; says which neighbouring pairs vanish (−1) and appear (+1). */
const mergeInWord = (
  word: number[],
  left: number,
  right: number,
  id: number,
  changed: (pair: number, sign: 1 | -1) => void,
): void => {
  let kept = 0;
  for (let k = 0; k < word.length; k++, kept++) {
    if (word[k] !== left || word[k + 1] !== right) {
      word[kept] = word[k]!;
      continue;
    }
    if (kept > 0) {
      changed(word[kept - 1]! * LEFT + left, -1);
      changed(word[kept - 1]! * LEFT + id, 1);
    }
    if (k + 2 < word.length) {
      changed(right * LEFT + word[k + 2]!, -1);
      changed(id * LEFT + word[k + 2]!, 1);
    }
    word[kept] = id;
    k++;
  }
  word.length = kept;
};
