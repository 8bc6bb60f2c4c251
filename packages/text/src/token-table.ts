// The bytes of every token, by id: what all kinds of tokenizer decode with.
import { IngotError } from '@ingot/core';
import { decodeUtf8 } from './utf8.js';

/** Ids are places in tables: above this a tokenizer.json is broken, or wants to fill the memory. */
const MOST_IDS = 2 ** 24;

/** A vocabulary read from ids to text. */
export class TokenTable {
  /** One more than the largest id. */
  vocabSize = 0;
  /** The bytes of all tokens in a row. */
  #bytes = new Uint8Array(4096);
  #size = 0;
  /** By id, where the bytes of a token begin, plus 1, and end; 0: no token. */
  #places = new Int32Array(1024);

  /** Sets the bytes of a token; of an id that is set twice the last counts. Throws 'bad-input' for an id that no vocabulary has. */
  set(id: number, bytes: Uint8Array, length = bytes.length): void {
    if (!Number.isInteger(id) || id < 0 || id >= MOST_IDS)
      throw new IngotError(
        'bad-input',
        `A vocabulary wants ids from 0 to ${MOST_IDS - 1}, got ${id}. Is the tokenizer.json whole?`,
      );
    if (this.#size + length > this.#bytes.length)
      this.#bytes = copied(this.#bytes, new Uint8Array(2 * this.#size + length));
    if (2 * id >= this.#places.length) this.#places = copied(this.#places, new Int32Array(4 * id + 4));
    this.#places[2 * id] = this.#size + 1;
    for (let i = 0; i < length; i++) this.#bytes[this.#size++] = bytes[i]!;
    this.#places[2 * id + 1] = this.#size;
    this.vocabSize = Math.max(this.vocabSize, id + 1);
  }

  /** Whether a token has this id. */
  has(id: number): boolean {
    return (this.#places[2 * id] ?? 0) !== 0;
  }

  /** The UTF-8 bytes of one token. Throws 'bad-input' for an id outside the vocabulary. */
  bytes(id: number): Uint8Array {
    return this.#bytes.slice(this.#start(id), this.#places[2 * id + 1]);
  }

  /** The text of ids; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>): string {
    const all = [...ids];
    const text = new Uint8Array(all.reduce((sum, id) => sum + this.#places[2 * id + 1]! - this.#start(id), 0));
    let at = 0;
    for (const id of all)
      for (let i = this.#start(id), end = this.#places[2 * id + 1]!; i < end; i++) text[at++] = this.#bytes[i]!;
    return decodeUtf8(text);
  }

  #start(id: number): number {
    if (!Number.isInteger(id) || !this.has(id))
      throw new IngotError(
        'bad-input',
        `Token id ${id} was asked for: wanted one of this vocabulary's ${this.vocabSize}. Was it made with another tokenizer?`,
      );
    return this.#places[2 * id]! - 1;
  }
}

const copied = <Numbers extends Uint8Array | Int32Array>(old: Numbers, larger: Numbers): Numbers => {
  larger.set(old);
  return larger;
};
