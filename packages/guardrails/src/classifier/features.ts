// Hashed n-grams: words and pairs of words, and runs of 3 to 5 characters, counted in 2^bits places. Weinberger et al. 2009.

/** Places that hold something, and how much; the vector has length 1. */
export interface Features {
  readonly places: Int32Array;
  readonly values: Float64Array;
}

/** FNV-1a, 32 bits, over UTF-16 code units, with the bits mixed at the end (murmur3's finaliser). */
export const hash = (text: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

function* grams(text: string): Generator<string> {
  const words =
    text
      .toLowerCase()
      .normalize('NFKC')
      .match(/[\p{L}\p{N}']+/gu) ?? [];
  for (const [at, word] of words.entries()) {
    yield `w${word}`;
    if (at > 0) yield `p${words[at - 1]} ${word}`;
    const edged = `_${word}_`;
    for (let size = 3; size <= 5; size++)
      for (let start = 0; start + size <= edged.length; start++) yield `c${edged.slice(start, start + size)}`;
  }
}

/** The features of a text: 1 + log of each count, scaled to length 1. */
export const featuresOf = (text: string, bits: number): Features => {
  const counts = new Map<number, number>();
  for (const gram of grams(text)) {
    const place = hash(gram) & (2 ** bits - 1);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const places = Int32Array.from(counts.keys());
  const values = Float64Array.from(counts.values(), (count) => 1 + Math.log(count));
  const length = Math.hypot(...values) || 1;
  return { places, values: values.map((value) => value / length) };
};
