// Random Unicode strings for tests: letters of many scripts, marks, digits, spaces, controls, emoji; never a lone surrogate.

/** A small generator of numbers in [0, 1): the same strings on every machine (mulberry32). */
export const randomNumbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const RANGES = [
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0x61, 0x7a],
  [0x41, 0x5a],
  [0x30, 0x39],
  [0x00, 0x1f],
  [0x0a, 0x0a],
  [0x20, 0x20],
  [0x27, 0x27],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x52f],
  [0x590, 0x6ff],
  [0x900, 0x97f],
  [0x2000, 0x206f],
  [0x2070, 0x218f],
  [0x3000, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xe000, 0xffff],
  [0x10000, 0x10fff],
  [0x1f300, 0x1faff],
  [0x20000, 0x2a6df],
] as const;
const PHRASES = [
  "don't",
  "WE'LL",
  ' the',
  '\r\n',
  '  ',
  '\n\n\n',
  '1234567',
  '<|endoftext|>',
  'ſ',
  '://',
  '\t',
  'ﬁ',
  'é',
  'İ',
] as const;

/** One string of up to `most` parts, each a character of some range or a phrase that splitters treat specially. */
export const randomText = (random: () => number, most: number, avoid: RegExp = /(?!)/u): string => {
  let text = '';
  for (let parts = 1 + Math.floor(random() * most); parts > 0; parts--) {
    if (random() < 0.15) text += PHRASES[Math.floor(random() * PHRASES.length)]!;
    else {
      const [from, to] = RANGES[Math.floor(random() * RANGES.length)]!;
      text += String.fromCodePoint(from + Math.floor(random() * (to - from + 1)));
    }
  }
  return text.replace(new RegExp(avoid, 'gu'), '');
};
