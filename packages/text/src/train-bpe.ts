// Training of byte-level BPE (Sennrich et al. 2016; ids and ties as Hugging Face `tokenizers` 0.23 BpeTrainer): the pair that occurs
// most often is merged, of equals the one with the smaller ids, until the vocabulary is full. Counts are kept up to date
// word by word, so a merge costs what it changes and not a pass over the text.
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { PairHeap } from './pair-heap.js';
import { PieceCache, UNKNOWN } from './piece-cache.js';
import type { SplitPatternName } from './split-patterns.js';
import { SCANNERS, type Scanner } from './split-scanners.js';
import { TrainingWords } from './training-words.js';

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
  readonly #scan: Scanner;
  /** The number of each piece; the cache knows those that were met lately. */
  readonly #numbers = new Map<string, number>();
  readonly #cache = new PieceCache();
  readonly #counts: number[] = [];
  readonly #one = new Int32Array(1);

  constructor(pattern: SplitPatternName) {
    this.#scan = SCANNERS[pattern];
  }

  /** Counts one document's pieces. */
  add(document: string): void {
    for (let from = 0, end = 0; from < document.length; from = end) {
      end = this.#scan(document, from);
      const entry = this.#cache.find(document, from, end);
      this.#counts[entry === UNKNOWN ? this.#number(document, from, end) : this.#cache.first(entry)]!++;
    }
  }

  /** How often each piece occurred in the documents so far. */
  get counts(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#numbers, ([piece, number]) => [piece, this.#counts[number]!]));
  }

  #number(document: string, from: number, end: number): number {
    const piece = ownCopy(document.slice(from, end));
    let number = this.#numbers.get(piece);
    if (number === undefined) {
      number = this.#counts.length;
      this.#numbers.set(piece, number);
      this.#counts.push(0);
    }
    this.#one[0] = number;
    this.#cache.keep(document, from, end, this.#one, 1);
    return number;
  }
}

/** A slice of 13 characters or more would keep its whole document in memory. */
const ownCopy = (slice: string): string =>
  slice.length < 13 ? slice : Buffer.from(slice, 'utf16le').toString('utf16le');

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

  const words = new TrainingWords(
    pieces,
    BYTE_CHARACTERS.map((character) => idOf.get(character)!),
  );
  const queue = new PairHeap();
  const offer = (left: number, right: number): void => {
    const count = words.count(left, right);
    if (count > 0) queue.push(count, left * LEFT + right);
  };

  while (tokens.length < vocabSize) {
    for (const [left, right] of words.takeGrown()) offer(left, right);
    const top = queue.pop();
    if (top === undefined) break;
    const [count, pair] = top;
    const left = Math.floor(pair / LEFT);
    const right = pair % LEFT;
    if (count !== words.count(left, right)) {
      offer(left, right);
      continue;
    }
    if (count < Math.max(1, minFrequency)) break;
    const token = tokens[left]! + tokens[right]!;
    let id = idOf.get(token);
    if (id === undefined) {
      id = tokens.length;
      tokens.push(token);
      idOf.set(token, id);
    }
    merges.push([tokens[left]!, tokens[right]!]);

    words.merge(left, right, id);
  }
  return { tokens, merges };
};
