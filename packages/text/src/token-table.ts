// The bytes of every token, by id: what all kinds of tokenizer decode with.
import { IngotError } from '@ingot/core';
import { decodeUtf8 } from './utf8.js';

/** Ids are places in tables: above this a tokenizer.json is broken, or wants to fill the memory. */
const MOST_IDS = 2 ** 24;

/** A vocabulary read from ids to text. */
export class TokenTable {
  /** The bytes of all tokens in a row; by id, where those of a token begin and end. */
  #bytes = new Uint8Array(4096);
  #size = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Sets the bytes of a token; of an id that is set twice the last counts. Throws 'bad-input' for an id that no vocabulary has. */
  set(id: number, bytes: Uint8Array, length = bytes.length): void {
    if (!Number.isInteger(id) || id < 0 || id >= MOST_IDS)
      throw new IngotError(
        'bad-input',
        `A vocabulary wants ids from 0 to ${MOST_IDS - 1}, got ${id}. Is the tokenizer.json whole?`,
      );
    if (this.#size + length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length + length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#starts[id] = this.#size;
    for (let i = 0; i < length; i++) this.#bytes[this.#size++] = bytes[i]!;
    this.#ends[id] = this.#size;
  }

  /** Whether a token has this id. */
  has(id: number): boolean {
    return this.#starts[id] !== undefined;
  }

  /** One more than the largest id. */
  get vocabSize(): number {
    return this.#starts.length;
  }

  /** The UTF-8 bytes of one token. Throws 'bad-input' for an id outside the vocabulary. */
  bytes(id: number): Uint8Array {
    return this.#bytes.slice(this.#start(id), this.#ends[id]);
  }

  /** The text of ids; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>): string {
    const all = [...ids];
    const text = new Uint8Array(all.reduce((sum, id) => sum + this.#ends[id]! - this.#start(id), 0));
    let at = 0;
    for (const id of all) for (let i = this.#starts[id]!; i < this.#ends[id]!; i++) text[at++] = this.#bytes[i]!;
    return decodeUtf8(text);
  }

  #start(id: number): number {
    const start = this.#starts[id];
    if (start === undefined)
      throw new IngotError(
        'bad-input',
        `Token id ${id} was asked for: wanted one of this vocabulary's ${this.vocabSize}. Was it made with another tokenizer?`,
      );
    return start;
  }
}
