// The ids of pieces met before, by the characters of a text: natural text repeats its words. No string is made to look one up.
import type { IdBuffer } from './id-buffer.js';

const MOST_PIECES = 2 ** 17;
/** Room for code units and for ids, a piece. */
const ROOM = 16;
/** Longer pieces are rare and large. */
const LONGEST = 128;
/** A text made to collide must not make every look-up long: what finds no place so near is not kept. */
const PROBES = 16;
/** No entry. */
export const UNKNOWN = -1;

/** A cache of so many pieces, a power of two; when it is full it begins anew. By default it takes 15 MB, of which it touches what it fills. */
export class PieceCache {
  /** Entry + 1 by hash; 0: free. */
  readonly #places: Int32Array;
  /** Of each entry: its hash, where its code units begin, where its ids begin; they end where the next entry's begin. */
  readonly #entries: Int32Array;
  readonly #units: Uint16Array;
  readonly #ids: Int32Array;
  readonly #mask: number;
  readonly #most: number;
  #size = 0;

  constructor(most = MOST_PIECES) {
    this.#most = most;
    this.#mask = 2 * most - 1;
    this.#places = new Int32Array(2 * most);
    this.#entries = new Int32Array(3 * (most + 1));
    this.#units = new Uint16Array(ROOM * most + LONGEST);
    this.#ids = new Int32Array(ROOM * most + 3 * LONGEST);
  }

  /** The entry of the piece [from, end) of a text, or `UNKNOWN`; it holds until the next `keep`. */
  find(text: string, from: number, end: number): number {
    if (end - from > LONGEST) return UNKNOWN;
    const hash = hashOf(text, from, end);
    for (let probe = 0; probe < PROBES; probe++) {
      const entry = this.#places[(hash + probe) & this.#mask]! - 1;
      if (entry < 0) return UNKNOWN;
      if (this.#entries[3 * entry] === hash && this.#spells(entry, text, from, end)) return entry;
    }
    return UNKNOWN;
  }

  /** Appends the ids of an entry. */
  append(entry: number, to: IdBuffer): void {
    to.append(this.#ids, this.#entries[3 * entry + 2]!, this.#entries[3 * entry + 5]!);
  }

  /** The first id of an entry. */
  first(entry: number): number {
    return this.#ids[this.#entries[3 * entry + 2]!]!;
  }

  /** Keeps the first `length` of `ids` for the piece [from, end), which is not known yet. */
  keep(text: string, from: number, end: number, ids: Int32Array, length: number): void {
    if (end - from > LONGEST) return;
    const entries = this.#entries;
    if (
      this.#size === this.#most ||
      entries[3 * this.#size + 1]! + end - from > this.#units.length ||
      entries[3 * this.#size + 2]! + length > this.#ids.length
    ) {
      this.#places.fill(0);
      this.#size = 0;
    }
    const hash = hashOf(text, from, end);
    for (let probe = 0; probe < PROBES; probe++) {
      const place = (hash + probe) & this.#mask;
      if (this.#places[place] !== 0) continue;
      const at = 3 * this.#size++;
      this.#places[place] = this.#size;
      const [unit, id] = [entries[at + 1]!, entries[at + 2]!];
      entries[at] = hash;
      entries[at + 4] = unit + end - from;
      entries[at + 5] = id + length;
      for (let i = from; i < end; i++) this.#units[unit + i - from] = text.charCodeAt(i);
      for (let i = 0; i < length; i++) this.#ids[id + i] = ids[i]!;
      return;
    }
  }

  #spells(entry: number, text: string, from: number, end: number): boolean {
    const start = this.#entries[3 * entry + 1]!;
    if (this.#entries[3 * entry + 4]! - start !== end - from) return false;
    for (let i = from; i < end; i++) if (this.#units[start + i - from] !== text.charCodeAt(i)) return false;
    return true;
  }
}

/** FNV-1a over code units, its high bits mixed into the low ones. */
const hashOf = (text: string, from: number, end: number): number => {
  let hash = 0x811c9dc5 | 0;
  for (let i = from; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
};
