// Which documents are for training and which for validation: by the hash of each document's content, so that adding documents
// moves none from one side to the other, and the same text is split the same way wherever it is split.
import { createHash } from 'node:crypto';

export interface TextSplit {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  /** By document, or by position where there was one document only. */
  readonly by: 'document' | 'position';
}

/** A document's place from 0 to 1, from the first 48 bits of its sha256. */
export const placeOf = (document: string): number =>
  createHash('sha256').update(document).digest().readUIntBE(0, 6) / 2 ** 48;

const indexOfExtreme = (places: readonly number[], better: (a: number, b: number) => boolean): number =>
  places.reduce((best, place, i) => (better(place, places[best]!) ? i : best), 0);

/** Where a single document is cut: after a line, or at exactly that character, as nanoGPT's prepare.py does. */
export type Cut = 'line-break' | 'exact';

/**
 * Documents whose hash falls below `fraction` are for validation; each side gets at least one document.
 * A single document is cut after its first (1 − fraction) part, by default at the next line break; the end is for validation.
 * `fraction` is between 0 and 1, both excluded, else RangeError; so is an empty list.
 */
export const splitDocuments = (documents: readonly string[], fraction: number, cut: Cut = 'line-break'): TextSplit => {
  if (!(fraction > 0 && fraction < 1))
    throw new RangeError(`The validation fraction must lie between 0 and 1, got ${fraction}.`);
  if (documents.length === 0) throw new RangeError('There is no document to split.');
  if (documents.length === 1) return cutAt(documents[0]!, fraction, CUTS[cut](documents[0]!, 1 - fraction));
  const places = documents.map(placeOf);
  const validation = new Set(places.flatMap((place, i) => (place < fraction ? [i] : [])));
  if (validation.size === 0) validation.add(indexOfExtreme(places, (a, b) => a < b));
  if (validation.size === documents.length) validation.delete(indexOfExtreme(places, (a, b) => a > b));
  return {
    train: documents.filter((_, i) => !validation.has(i)),
    validation: documents.filter((_, i) => validation.has(i)),
    by: 'document',
  };
};

/** The place of the cut, in UTF-16 units, for a first part of this share. */
const CUTS = {
  'line-break': (document: string, share: number) => {
    const wanted = Math.floor(document.length * share);
    const lineBreak = document.indexOf('\n', wanted);
    const at = lineBreak < 0 || lineBreak === document.length - 1 ? wanted : lineBreak + 1;
    return /[\uDC00-\uDFFF]/.test(document.charAt(at)) ? at + 1 : at; // never inside a surrogate pair
  },
  exact: (document: string, share: number) => {
    const characters = [...document]; // code points, as Python counts
    return characters.slice(0, Math.floor(characters.length * share)).join('').length;
  },
} as const satisfies Record<Cut, (document: string, share: number) => number>;

const cutAt = (document: string, fraction: number, at: number): TextSplit => {
  if (at <= 0 || at >= document.length)
    throw new RangeError(`A text of ${document.length} characters is too short to be split at ${fraction}.`);
  return { train: [document.slice(0, at)], validation: [document.slice(at)], by: 'position' };
};
