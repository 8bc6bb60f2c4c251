// Words of a text as near-duplicates and overlaps see them, and their runs as numbers.

/** Case, punctuation and white space do not make two documents differ. */
export const lettersAndNumbers = (document: string): string =>
  document
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The words of a text, without case and punctuation. */
export const wordsIn = (document: string): readonly string[] => {
  const words = lettersAndNumbers(document);
  return words === '' ? [] : words.split(' ');
};

/** Runs of n words in a row, joined by spaces; a shorter text is one run. */
export const runsOf = (words: readonly string[], n: number): readonly string[] =>
  words.length <= n
    ? [words.join(' ')]
    : Array.from({ length: words.length - n + 1 }, (_, at) => words.slice(at, at + n).join(' '));

/** Mixes 32 bits, one to one: the finaliser of MurmurHash3 (Appleby). */
export const mix32 = (value: number): number => {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** 32 bits of a text: FNV-1a over its UTF-16 units, mixed. */
export const hash32 = (text: string): number => {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return mix32(h);
};

/** The set of a text's shingles (runs of n words), as 32-bit numbers. */
export const shinglesOf = (document: string, n: number): ReadonlySet<number> =>
  new Set(runsOf(wordsIn(document), n).map(hash32));
