// Deterministic Unicode text: every plane, combining marks, whitespace and code, from a small counter-free generator.

/** Numbers in [0, 1) from a seed: mulberry32. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
const RANGES = [
  [0x20, 0x7e],
  [0x09, 0x0d],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x400, 0x4ff],
  [0x600, 0x6ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0x1f300, 0x1faff],
  [0x10000, 0x10ffff],
] as const;

/** Well-formed strings of up to `length` code points. */
export const randomTexts = (count: number, seed = 1, length = 24): readonly string[] => {
  const random = randomFrom(seed);
  const point = () => {
    const [low, high] = RANGES[Math.floor(random() * RANGES.length)] ?? RANGES[0];
    return low + Math.floor(random() * (high - low + 1));
  };
  return Array.from({ length: count }, () =>
    String.fromCodePoint(...Array.from({ length: Math.floor(random() * (length + 1)) }, point)),
  );
};
/** Strings of up to `length` characters of an alphabet. */
export const textsOf = (alphabet: string, count: number, seed = 1, length = 24): readonly string[] => {
  const random = randomFrom(seed);
  const points = [...alphabet];
  return Array.from({ length: count }, () =>
    Array.from(
      { length: Math.floor(random() * (length + 1)) },
      () => points[Math.floor(random() * points.length)],
    ).join(''),
  );
};
