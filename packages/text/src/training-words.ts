// The words that BPE is learnt from: which pairs of ids stand in them, how often, and what a merge changes about that.
import { NONE, PairTable } from './pair-table.js';
import { writeUtf8 } from './utf8.js';

/** Counted words as ids. The count of every pair is kept up to date word by word, so a merge costs what it changes. */
export class TrainingWords {
  /** All words in a row; a merge shortens a word in its place. */
  readonly #ids: Int32Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  readonly #weights: readonly number[];
  /** Pairs are numbered as they are met. By that number: how often the pair occurs, the words that have or had it, when it last grew. */
  readonly #numbers = new PairTable();
  readonly #counts: number[] = [];
  readonly #words: number[][] = [];
  readonly #grewAt: number[] = [];
  #grown: (readonly [left: number, right: number])[] = [];
  #takes = 0;

  /** `byteIds`: the id of each byte. */
  constructor(pieces: ReadonlyMap<string, number>, byteIds: readonly number[]) {
    const spelt = [...pieces.keys()];
    this.#weights = [...pieces.values()];
    this.#lengths = Int32Array.from(spelt, (piece) => Buffer.byteLength(piece));
    this.#starts = new Int32Array(spelt.length);
    let size = 0;
    this.#lengths.forEach((length, word) => {
      this.#starts[word] = size;
      size += length;
    });
    const bytes = new Uint8Array(size);
    spelt.forEach((piece, word) => writeUtf8(piece, 0, piece.length, bytes.subarray(this.#starts[word])));
    this.#ids = Int32Array.from(bytes, (byte) => byteIds[byte]!);
    for (let word = 0; word < spelt.length; word++) {
      const start = this.#starts[word]!;
      const end = start + this.#lengths[word]!;
      for (let i = start; i + 1 < end; i++) this.#more(this.#ids[i]!, this.#ids[i + 1]!, word);
    }
  }

  /** How often a pair occurs now. */
  count(left: number, right: number): number {
    const number = this.#numbers.get(left, right);
    return number === NONE ? 0 : this.#counts[number]!;
  }

  /** Replaces a pair by `id` in all words, from left to right. */
  merge(left: number, right: number, id: number): void {
    const number = this.#numbers.get(left, right);
    if (number === NONE) return;
    const words = this.#words[number]!;
    this.#words[number] = [];
    for (const word of words) this.#mergeIn(word, left, right, id);
    this.#counts[number] = 0;
  }

  /** The pairs that came to stand somewhere since this was last asked, each once. */
  takeGrown(): readonly (readonly [left: number, right: number])[] {
    const grown = this.#grown;
    this.#grown = [];
    this.#takes++;
    return grown;
  }

  #mergeIn(word: number, left: number, right: number, id: number): void {
    const ids = this.#ids;
    const start = this.#starts[word]!;
    const end = start + this.#lengths[word]!;
    let kept = start;
    for (let i = start; i < end; i++, kept++) {
      if (ids[i] !== left || i + 1 === end || ids[i + 1] !== right) {
        ids[kept] = ids[i]!;
        continue;
      }
      if (kept > start) {
        this.#less(ids[kept - 1]!, left, word);
        this.#more(ids[kept - 1]!, id, word);
      }
      if (i + 2 < end) {
        this.#less(right, ids[i + 2]!, word);
        this.#more(id, ids[i + 2]!, word);
      }
      ids[kept] = id;
      i++;
    }
    this.#lengths[word] = kept - start;
  }

  #less(left: number, right: number, word: number): void {
    this.#counts[this.#numbers.get(left, right)]! -= this.#weights[word]!;
  }

  #more(left: number, right: number, word: number): void {
    const known = this.#numbers.get(left, right);
    const number = known === NONE ? this.#counts.length : known;
    if (known === NONE) {
      this.#numbers.add(left, right, number);
      this.#counts.push(0);
      this.#words.push([]);
      this.#grewAt.push(-1);
    }
    this.#counts[number]! += this.#weights[word]!;
    const words = this.#words[number]!;
    if (words.at(-1) !== word) words.push(word);
    if (this.#grewAt[number] === this.#takes) return;
    this.#grewAt[number] = this.#takes;
    this.#grown.push([left, right]);
  }
}
