// A tokenizer of characters (Unicode code points), as nanoGPT's shakespeare_char: small vocabularies for small experiments.
import { IngotError } from '@ingot/core';
import { TokenTable } from './token-table.js';
import { cutAtSpecial } from './special-tokens.js';
import { END_OF_TEXT, type EncodeOptions, type Tokenizer } from './tokenizer.js';

/** A tokenizer whose tokens are single code points. */
export class Characters implements Tokenizer {
  readonly vocabSize: number;
  readonly special: ReadonlyMap<string, number>;
  readonly endOfText: number | undefined;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #table: TokenTable;

  /** Throws 'bad-input' for a token of more than one code point that is not among the special ones. */
  constructor(ids: ReadonlyMap<string, number>, special: ReadonlyMap<string, number>) {
    const word = [...ids.keys()].find((token) => [...token].length !== 1);
    if (word !== undefined)
      throw new IngotError(
        'bad-input',
        `A character vocabulary wants tokens of one character, got '${word}'. Word vocabularies are not supported: use byte-level BPE.`,
      );
    this.#ids = ids;
    this.special = special;
    this.endOfText = special.get(END_OF_TEXT);
    this.#table = new TokenTable();
    const encoder = new TextEncoder();
    for (const [token, id] of [...ids, ...special]) this.#table.set(id, encoder.encode(token));
    this.vocabSize = this.#table.vocabSize;
  }

  encode(text: string, { allowedSpecial }: EncodeOptions = {}): Int32Array {
    const ids: number[] = [];
    for (const part of cutAtSpecial(text, this.special, allowedSpecial)) {
      if ('id' in part) ids.push(part.id);
      else for (const character of part.text) ids.push(this.#idOf(character, ids.length));
    }
    return Int32Array.from(ids);
  }

  bytes(id: number): Uint8Array {
    return this.#table.bytes(id);
  }

  decode(ids: Iterable<number>): string {
    return this.#table.decode(ids);
  }

  #idOf(character: string, position: number): number {
    const id = this.#ids.get(character);
    if (id === undefined)
      throw new IngotError(
        'bad-input',
        `Character '${character}' (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}) at position ${position} is not among the ${this.#ids.size} that this tokenizer was made from. Make it from text that has it, or use bpe or byte.`,
      );
    return id;
  }
}
