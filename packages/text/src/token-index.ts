// Which token a spelling is: a hash table over the characters of a vocabulary, in which the join of two tokens is found without making it.
import { BYTE_CHARACTERS } from './byte-alphabet.js';

const BYTE_UNITS = Uint16Array.from(BYTE_CHARACTERS, (character) => character.charCodeAt(0));

/** No such token. */
export const ABSENT = -1;

/** Multiplier of the hash: FNV's prime. */
const BASE = 0x01000193;

/** The tokens of a vocabulary by their spelling; a token is named by its place in the list that it was made from. */
export class TokenIndex {
  readonly ids: Int32Array;
  /** All tokens in a row; token i is the code units [starts[i], starts[i + 1]). */
  readonly #units: Uint16Array;
  readonly #starts: Int32Array;
  readonly #hashes: Int32Array;
  /** Token + 1 by hash; 0: free. */
  readonly #places: Int32Array;
  /** BASE to the power of each length. */
  readonly #powers: Int32Array;

  /** Of a spelling that is there twice the last id counts. */
  constructor(tokens: readonly string[], ids: readonly number[]) {
    let places = 16;
    while (places < 2 * tokens.length) places *= 2;
    this.#places = new Int32Array(places);
    this.ids = Int32Array.from(ids);
    this.#hashes = new Int32Array(tokens.length);
    this.#starts = new Int32Array(tokens.length + 1);
    this.#units = new Uint16Array(tokens.reduce((sum, token) => sum + token.length, 0));
    let longest = 0;
    tokens.forEach((token, i) => {
      const start = this.#starts[i]!;
      this.#starts[i + 1] = start + token.length;
      for (let k = 0; k < token.length; k++) this.#units[start + k] = token.charCodeAt(k);
      this.#hashes[i] = hashOf(token);
      longest = Math.max(longest, token.length);
      const there = this.get(token);
      if (there === ABSENT) this.#places[this.#free(this.#hashes[i]!)] = i + 1;
      else this.ids[there] = ids[i]!;
    });
    this.#powers = new Int32Array(longest + 1).fill(1);
    for (let length = 1; length <= longest; length++) this.#powers[length] = Math.imul(this.#powers[length - 1]!, BASE);
  }

  /** The token of this spelling, or `ABSENT`. */
  get(spelling: string): number {
    const hash = hashOf(spelling);
    for (let place = this.#first(hash); ; place = this.#next(place)) {
      const token = this.#places[place]! - 1;
      if (token === ABSENT || (this.#hashes[token] === hash && this.#spells(token, spelling))) return token;
    }
  }

  /** The token of which the first `length` of `bytes` are the spelling, in characters of the byte alphabet, or `ABSENT`. */
  ofBytes(bytes: Uint8Array, length: number): number {
    let hash = 0;
    for (let i = 0; i < length; i++) hash = step(hash, BYTE_UNITS[bytes[i]!]!);
    for (let place = this.#first(hash); ; place = this.#next(place)) {
      const token = this.#places[place]! - 1;
      if (token === ABSENT || (this.#hashes[token] === hash && this.#isOfBytes(token, bytes, length))) return token;
    }
  }

  /** The token that two tokens in a row spell, or `ABSENT`. */
  join(left: number, right: number): number {
    const [leftLength, rightLength] = [this.#length(left), this.#length(right)];
    const hash = (Math.imul(this.#hashes[left]!, this.#powers[rightLength]!) + this.#hashes[right]!) | 0;
    for (let place = this.#first(hash); ; place = this.#next(place)) {
      const token = this.#places[place]! - 1;
      if (token === ABSENT) return ABSENT;
      if (
        this.#hashes[token] === hash &&
        this.#length(token) === leftLength + rightLength &&
        this.#agree(token, 0, left) &&
        this.#agree(token, leftLength, right)
      )
        return token;
    }
  }

  #length(token: number): number {
    return this.#starts[token + 1]! - this.#starts[token]!;
  }

  #first(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.#places.length - 1);
  }

  #next(place: number): number {
    return (place + 1) & (this.#places.length - 1);
  }

  #free(hash: number): number {
    let place = this.#first(hash);
    while (this.#places[place] !== 0) place = this.#next(place);
    return place;
  }

  #spells(token: number, spelling: string): boolean {
    if (this.#length(token) !== spelling.length) return false;
    const start = this.#starts[token]!;
    for (let i = 0; i < spelling.length; i++) if (this.#units[start + i] !== spelling.charCodeAt(i)) return false;
    return true;
  }

  #isOfBytes(token: number, bytes: Uint8Array, length: number): boolean {
    if (this.#length(token) !== length) return false;
    const start = this.#starts[token]!;
    for (let i = 0; i < length; i++) if (this.#units[start + i] !== BYTE_UNITS[bytes[i]!]) return false;
    return true;
  }

  /** Whether `part` stands in `token` from `offset` on. */
  #agree(token: number, offset: number, part: number): boolean {
    const [whole, start] = [this.#starts[token]! + offset, this.#starts[part]!];
    for (let i = 0; i < this.#length(part); i++) if (this.#units[whole + i] !== this.#units[start + i]) return false;
    return true;
  }
}

/** The sum of (unit + 1) · BASE^(units behind it), so that the hash of a join follows from the hashes of its parts. */
const step = (hash: number, unit: number): number => (Math.imul(hash, BASE) + unit + 1) | 0;
const hashOf = (spelling: string): number => {
  let hash = 0;
  for (let i = 0; i < spelling.length; i++) hash = step(hash, spelling.charCodeAt(i));
  return hash;
};
