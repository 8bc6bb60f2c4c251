// Byte-level byte-pair encoding (Radford et al. 2019, section 2.2): any text can be spelt, because every byte is a token.
import { IngotError } from '@ingot/core';
import { BYTE_CHARACTERS, fromAlphabet, toAlphabet } from './byte-alphabet.js';
import { mergePairs, type Merges } from './merge-pairs.js';
import { TokenTable } from './token-table.js';
import { cutAtSpecial } from './special-tokens.js';
import { splitText } from './split-patterns.js';
import { END_OF_TEXT, type EncodeOptions, type Tokenizer } from './tokenizer.js';

/** What a byte-level tokenizer is made of; tokens are spelt in the byte alphabet. */
export interface ByteLevelModel {
  readonly vocab: ReadonlyMap<string, number>;
  /** In the order in which they were learnt. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly special: ReadonlyMap<string, number>;
  /** Added tokens that are no control tokens: they are found whole in any text, before it is split. */
  readonly added?: ReadonlyMap<string, number>;
  /** Undefined: a text is one piece. */
  readonly pattern: RegExp | undefined;
  /** A piece that is a token as a whole is not merged at all. */
  readonly ignoreMerges: boolean;
  /** A space goes before a text that does not begin with one. */
  readonly addPrefixSpace: boolean;
  readonly normalise?: 'NFC' | 'NFD' | 'NFKC' | 'NFKD';
}

/** Pairs of ids as one exact double: ids stay below 2^26. */
const pairKey = (left: number, right: number): number => left * 67_108_864 + right;
/** Pieces whose ids are kept: natural text repeats its words. */
const CACHED_PIECES = 50_000;

/** A tokenizer over a byte-level vocabulary. */
export class ByteLevelBpe implements Tokenizer {
  readonly vocabSize: number;
  readonly special: ReadonlyMap<string, number>;
  readonly endOfText: number | undefined;
  readonly #model: ByteLevelModel;
  readonly #merges: Merges;
  /** The vocabulary without special tokens: all that merges can make. */
  readonly #learnt: ReadonlyMap<string, number>;
  readonly #byteIds: readonly (number | undefined)[];
  readonly #table: TokenTable;
  readonly #pieces = new Map<string, Int32Array>();

  /** Throws 'bad-input' for a merge whose halves or result are not in the vocabulary or that makes a special token, and for a token outside the byte alphabet. */
  constructor(model: ByteLevelModel) {
    this.#model = model;
    this.special = model.special;
    this.endOfText = model.special.get(END_OF_TEXT);
    const bytesOf = new Map<number, Uint8Array>();
    for (const [token, id] of [...model.special, ...(model.added ?? [])])
      bytesOf.set(id, new TextEncoder().encode(token));
    const control = new Set(model.special.values());
    const added = new Set(model.added?.values());
    const learnt = new Map<string, number>();
    for (const [token, id] of model.vocab) {
      if (control.has(id)) continue;
      learnt.set(token, id);
      if (added.has(id)) continue;
      const bytes = fromAlphabet(token);
      if (!bytes)
        throw new IngotError(
          'bad-input',
          `A byte-level vocabulary wants tokens of its byte alphabet, got '${token}' (id ${id}). List it among the added tokens, or use another kind of tokenizer.`,
        );
      if (bytesOf.has(id))
        throw new IngotError(
          'bad-input',
          `A vocabulary wants one token an id, got a second one, '${token}', for id ${id}. Is the tokenizer.json whole?`,
        );
      bytesOf.set(id, bytes);
    }
    this.#learnt = learnt;
    this.#byteIds = BYTE_CHARACTERS.map((character) => learnt.get(character));
    this.#table = new TokenTable(bytesOf);
    this.vocabSize = this.#table.vocabSize;
    this.#merges = rankPairs(learnt, model.merges);
  }

  encode(text: string, { allowedSpecial }: EncodeOptions = {}): Int32Array {
    const parts: Int32Array[] = [];
    for (const part of cutAtSpecial(text, this.special, allowedSpecial, this.#model.added)) {
      if ('id' in part) parts.push(Int32Array.of(part.id));
      else for (const piece of this.#split(part.text)) parts.push(this.#encodePiece(piece));
    }
    return concatenate(parts);
  }

  bytes(id: number): Uint8Array {
    return this.#table.bytes(id);
  }

  decode(ids: Iterable<number>): string {
    return this.#table.decode(ids);
  }

  #split(text: string): readonly string[] {
    const { pattern, addPrefixSpace, normalise } = this.#model;
    const normal = normalise ? text.normalize(normalise) : text;
    const spaced = addPrefixSpace && !normal.startsWith(' ') ? ` ${normal}` : normal;
    return pattern ? splitText(spaced, pattern) : [spaced];
  }

  #encodePiece(piece: string): Int32Array {
    const known = this.#pieces.get(piece);
    if (known) return known;
    const bytes = new TextEncoder().encode(piece);
    const whole = this.#model.ignoreMerges ? this.#learnt.get(toAlphabet(bytes)) : undefined;
    const ids =
      whole === undefined
        ? mergePairs(
            Int32Array.from(bytes, (byte) => this.#idOfByte(byte, piece)),
            this.#merges,
          )
        : Int32Array.of(whole);
    if (this.#pieces.size >= CACHED_PIECES) this.#pieces.clear();
    this.#pieces.set(piece, ids);
    return ids;
  }

  #idOfByte(byte: number, piece: string): number {
    const id = this.#byteIds[byte];
    if (id === undefined)
      throw new IngotError(
        'bad-input',
        `The text has the byte 0x${byte.toString(16)} in '${piece.slice(0, 40)}', and this vocabulary has no token for it. Train a tokenizer whose alphabet has all 256 bytes.`,
      );
    return id;
  }
}

const rankPairs = (vocab: ReadonlyMap<string, number>, merges: ByteLevelModel['merges']): Merges => {
  const ranks = new Map<number, number>();
  const made = new Int32Array(merges.length);
  merges.forEach(([left, right], rank) => {
    const [a, b, both] = [vocab.get(left), vocab.get(right), vocab.get(left + right)];
    if (a === undefined || b === undefined || both === undefined)
      throw new IngotError(
        'bad-input',
        `Merge ${rank} ('${left}' and '${right}') wants both halves and their join in the vocabulary, and none a special token, got ${[
          left,
          right,
          left + right,
        ]
          .filter((token) => !vocab.has(token))
          .map((token) => `no '${token}'`)
          .join(', ')}. Is the tokenizer.json whole?`,
      );
    made[rank] = both;
    const key = pairKey(a, b);
    if (!ranks.has(key)) ranks.set(key, rank);
  });
  return { rank: (left, right) => ranks.get(pairKey(left, right)), made: (rank) => made[rank]! };
};

const concatenate = (parts: readonly Int32Array[]): Int32Array => {
  const ids = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    ids.set(part, at);
    at += part.length;
  }
  return ids;
};
