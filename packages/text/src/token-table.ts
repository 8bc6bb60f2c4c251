// The bytes of every token, by id: what both kinds of tokenizer decode with.
import { IngotError } from '@ingot/core';
import { decodeUtf8 } from './utf8.js';

/** A vocabulary read from ids to text. */
export class TokenTable {
  /** One more than the largest id. */
  readonly vocabSize: number;
  readonly #bytes: ReadonlyMap<number, Uint8Array>;

  constructor(bytes: ReadonlyMap<number, Uint8Array>) {
    this.#bytes = bytes;
    let largest = -1;
    for (const id of bytes.keys()) if (id > largest) largest = id;
    this.vocabSize = largest + 1;
  }

  /** The UTF-8 bytes of one token. Throws 'bad-input' for an id outside the vocabulary. */
  bytes(id: number): Uint8Array {
    const bytes = this.#bytes.get(id);
    if (!bytes)
      throw new IngotError(
        'bad-input',
        `Token id ${id} was asked for: wanted one of this vocabulary's ${this.vocabSize}. Was it made with another tokenizer?`,
      );
    return bytes;
  }

  /** The text of ids; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>): string {
    return decodeUtf8(Buffer.concat(Array.from(ids, (id) => this.bytes(id))));
  }
}
