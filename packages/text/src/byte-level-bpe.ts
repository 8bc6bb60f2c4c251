// Byte-level byte-pair encoding (Radford et al. 2019, section 2.2): any text can be spelt, because every byte is a token.
import { IngotError } from '@ingot/core';
import { BYTE_CHARACTERS, spellAlphabet } from './byte-alphabet.js';
import { IdBuffer } from './id-buffer.js';
import { mergePairs, type Merges } from './merge-pairs.js';
import { NONE, PairTable } from './pair-table.js';
import { PieceCache, UNKNOWN } from './piece-cache.js';
import { ABSENT, TokenIndex } from './token-index.js';
import { TokenTable } from './token-table.js';
import { cutAtSpecial } from './special-tokens.js';
import { scannerOf } from './split-patterns.js';
import type { Scanner } from './split-scanners.js';
import { END_OF_TEXT, type EncodeOptions, type Tokenizer } from './tokenizer.js';
import { writeUtf8 } from './utf8.js';

/** What a byte-level tokenizer is made of; tokens are spelt in the byte alphabet. */
export interface ByteLevelModel {
  readonly vocab: Iterable<readonly [token: string, id: number]>;
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

/** A vocabulary without a token for a byte. */
const MISSING = -1;
const wholeText: Scanner = (text) => text.length;
/** Room for the bytes of a piece of this many code units, used again for every such piece; a longer one gets its own. */
const USUAL = 256;
const usualBytes = new Uint8Array(3 * USUAL);
const usualIds = new Int32Array(3 * USUAL);

/** A tokenizer over a byte-level vocabulary. */
export class ByteLevelBpe implements Tokenizer {
  readonly vocabSize: number;
  readonly special: ReadonlyMap<string, number>;
  readonly endOfText: number | undefined;
  /** The rest of the model: its vocabulary and its merges live on in tables only. */
  readonly #rules: Omit<ByteLevelModel, 'vocab' | 'merges' | 'pattern'>;
  readonly #scan: Scanner;
  readonly #merges: Merges;
  /** The vocabulary without special tokens: all that merges can make. */
  readonly #learnt: TokenIndex;
  readonly #byteIds: Int32Array;
  readonly #table = new TokenTable();
  #pieces: PieceCache | undefined;

  /** Throws 'bad-input' for a merge whose halves or result are not in the vocabulary or that makes a special token, and for a token outside the byte alphabet. */
  constructor({ vocab, merges, pattern, ...rules }: ByteLevelModel) {
    this.#rules = rules;
    this.special = rules.special;
    this.endOfText = rules.special.get(END_OF_TEXT);
    const encoder = new TextEncoder();
    for (const [token, id] of [...rules.special, ...(rules.added ?? [])]) this.#table.set(id, encoder.encode(token));
    this.#learnt = this.#readVocab(vocab);
    this.#byteIds = Int32Array.from(BYTE_CHARACTERS, (character) => {
      const token = this.#learnt.get(character);
      return token === ABSENT ? MISSING : this.#learnt.ids[token]!;
    });
    this.vocabSize = this.#table.vocabSize;
    this.#merges = rankPairs(this.#learnt, merges);
    this.#scan = pattern ? scannerOf(pattern) : wholeText;
  }

  encode(text: string, { allowedSpecial }: EncodeOptions = {}): Int32Array {
    const ids = new IdBuffer(text.length >> 2);
    for (const part of cutAtSpecial(text, this.special, allowedSpecial, this.#rules.added)) {
      if ('id' in part) ids.push(part.id);
      else this.#encodePieces(this.#prepare(part.text), ids);
    }
    return ids.take();
  }

  bytes(id: number): Uint8Array {
    return this.#table.bytes(id);
  }

  decode(ids: Iterable<number>): string {
    return this.#table.decode(ids);
  }

  /** Fills the table of bytes, and leaves out special tokens. */
  #readVocab(vocab: ByteLevelModel['vocab']): TokenIndex {
    const { special, added } = this.#rules;
    const control = new Set(special.values());
    const found = new Set(added?.values());
    const tokens: string[] = [];
    const ids: number[] = [];
    let bytes = new Uint8Array(256);
    for (const [token, id] of vocab) {
      if (control.has(id)) continue;
      tokens.push(token);
      ids.push(id);
      if (found.has(id)) continue;
      if (token.length > bytes.length) bytes = new Uint8Array(2 * token.length);
      if (!spellAlphabet(token, bytes))
        throw new IngotError(
          'bad-input',
          `A byte-level vocabulary wants tokens of its byte alphabet, got '${token}' (id ${id}). List it among the added tokens, or use another kind of tokenizer.`,
        );
      if (this.#table.has(id))
        throw new IngotError(
          'bad-input',
          `A vocabulary wants one token an id, got a second one, '${token}', for id ${id}. Is the tokenizer.json whole?`,
        );
      this.#table.set(id, bytes, token.length);
    }
    return new TokenIndex(tokens, ids);
  }

  #prepare(text: string): string {
    const { addPrefixSpace, normalise } = this.#rules;
    const normal = normalise ? text.normalize(normalise) : text;
    return addPrefixSpace && !normal.startsWith(' ') ? ` ${normal}` : normal;
  }

  #encodePieces(text: string, to: IdBuffer): void {
    const pieces = (this.#pieces ??= new PieceCache());
    for (let from = 0; from < text.length;) from = this.#encodeNext(text, from, pieces, to);
  }

  /** Appends the ids of the piece that begins at `from`. Returns where it ends. A function, because one that returns becomes fast sooner than a long loop. */
  #encodeNext(text: string, from: number, pieces: PieceCache, to: IdBuffer): number {
    const end = this.#scan(text, from);
    const entry = pieces.find(text, from, end);
    if (entry !== UNKNOWN) {
      pieces.append(entry, to);
      return end;
    }
    const units = end - from;
    const ids = units > USUAL ? new Int32Array(3 * units) : usualIds;
    const length = this.#encodePiece(text, from, end, ids);
    pieces.keep(text, from, end, ids, length);
    to.append(ids, 0, length);
    return end;
  }

  /** Writes the ids of the piece [from, end) to the front of `ids`. Returns how many there are. */
  #encodePiece(text: string, from: number, end: number, ids: Int32Array): number {
    const bytes = ids === usualIds ? usualBytes : new Uint8Array(ids.length);
    const length = writeUtf8(text, from, end, bytes);
    if (this.#rules.ignoreMerges) {
      const whole = this.#learnt.ofBytes(bytes, length);
      if (whole !== ABSENT) {
        ids[0] = this.#learnt.ids[whole]!;
        return 1;
      }
    }
    for (let i = 0; i < length; i++) {
      ids[i] = this.#byteIds[bytes[i]!]!;
      if (ids[i] === MISSING)
        throw new IngotError(
          'bad-input',
          `The text has the byte 0x${bytes[i]!.toString(16)} in '${text.slice(from, Math.min(end, from + 40))}', and this vocabulary has no token for it. Train a tokenizer whose alphabet has all 256 bytes.`,
        );
    }
    return mergePairs(ids, length, this.#merges);
  }
}

const rankPairs = (learnt: TokenIndex, merges: ByteLevelModel['merges']): Merges => {
  const ranks = new PairTable(merges.length);
  const made = new Int32Array(merges.length);
  merges.forEach(([left, right], rank) => {
    const [a, b] = [learnt.get(left), learnt.get(right)];
    const both = a === ABSENT || b === ABSENT ? ABSENT : learnt.join(a, b);
    if (both === ABSENT)
      throw new IngotError(
        'bad-input',
        `Merge ${rank} ('${left}' and '${right}') wants both halves and their join in the vocabulary, and none a special token, got ${[
          left,
          right,
          left + right,
        ]
          .filter((token) => learnt.get(token) === ABSENT)
          .map((token) => `no '${token}'`)
          .join(', ')}. Is the tokenizer.json whole?`,
      );
    made[rank] = learnt.ids[both]!;
    const [leftId, rightId] = [learnt.ids[a]!, learnt.ids[b]!];
    if (ranks.get(leftId, rightId) === NONE) ranks.add(leftId, rightId, rank);
  });
  return { ranks, made };
};
