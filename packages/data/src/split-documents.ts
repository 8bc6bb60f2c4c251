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
const placeOf = (document: string): number => createHash('sha256').update(document).digest().readUIntBE(0, 6) / 2 ** 48;

const indexOfExtreme = (places: readonly number[], better: (a: number, b: number) => boolean): number =>
  places.reduce((best, place, i) => (better(place, places[best]!) ? i : best), 0);

/**
 * Documents whose hash falls below `fraction` are for validation; each side gets at least one document.
 * A single document is cut at the line break after its first (1 − fraction) part; the end is for validation.
 * `fraction` is between 0 and 1, both excluded, else RangeError; so is an empty list.
 */
export const splitDocuments = (documents: readonly string[], fraction: number): TextSplit => {
  if (!(fraction > 0 && fraction < 1)) throw new RangeError(`The validation fraction must lie between 0 and 1, got ${fraction}.`);
  if (documents.length === 0) throw new RangeError('There is no document to split.');
  if (documents.length === 1) return splitByPosition(documents[0]!, fraction);
  const places = documents.map(placeOf);
  const validation = new Set(places.flatMap((place, i) => (place < fraction ? [i] : [])));
  if (validation.size === 0) validation.add(indexOfExtreme(places, (a, b) => a < b));
  if (validation.size === documents.length) validation.delete(indexOfExtreme(places, (a, b) => a > b));
  return { train: documents.filter((_, i) => !validation.has(i)), validation: documents.filter((_, i) => validation.has(i)), by: 'document' };
};

const splitByPosition = (document: string, fraction: number): TextSplit => {
  const wanted = Math.floor(document.length * (1 - fraction));
  const lineBreak = document.indexOf('\n', wanted);
  let cut = lineBreak < 0 || lineBreak === document.length - 1 ? wanted : lineBreak + 1;
  if (/[\uDC00-\uDFFF]/.test(document.charAt(cut))) cut += 1; // never inside a surrogate pair
  if (cut <= 0 || cut >= document.length) throw new RangeError(`A text of ${document.length} characters is too short to be split at ${fraction}.`);
  return { train: [document.slice(0, cut)], validation: [document.slice(cut)], by: 'position' };
};
