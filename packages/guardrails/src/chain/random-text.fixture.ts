// Random texts with things to find in them, cut at random, for tests of streams.

/** mulberry32: numbers in [0, 1) that a seed repeats. */
export const numbersFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
const FORBIDDEN = [
  'asha.rao@example.com',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '378282246310005',
  '+91 98765 43210',
  '9876543210',
  '2341 2341 2346',
  'ABCPE1234F',
  'asha@okhdfcbank',
  'GB82 WEST 1234 5698 7654 32',
  `AKIA${'IOSFODNN7EXAMPLE'}`,
  `ghp_${'a1B2'.repeat(9)}`,
  'you are stupid',
  'idiot',
  '1d1ot',
  'kill   yourself',
  'jump off a bridge',
  'a@b.co',
  '(415) 555-0132',
];
const HARMLESS = [
  'hello',
  'the',
  'order 4111 1111 1111 1112',
  '2024-10-12',
  'version 10.0.19041.1234',
  'Dostoevsky wrote The Idiot by hand',
  'icon@2x.png',
  '😀',
  'naïve',
  '\n',
  '. ',
  '1234',
  '98',
  '4111',
  '@',
  '+',
  '(',
  'the world',
  'jump off a',
  'you are',
  'AKIA',
  'मोबाइल',
  'idiotic',
  'kill',
  '4111 1111 1111',
];
/** Words and forbidden things in any order, sometimes without a space between. */
export const randomText = (seed: number): string => {
  const next = numbersFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  let text = '';
  const words = 2 + Math.floor(next() * 14);
  for (let i = 0; i < words; i++)
    text += pick(next() < 0.35 ? FORBIDDEN : HARMLESS) + pick([' ', ' ', ' ', '', ', ', '-', '.']);
  return text;
};
/** The text in pieces of 0 to `most` code units, surrogate pairs parted too. */
export const randomPieces = (text: string, seed: number, most = 9): string[] => {
  const next = numbersFrom(seed ^ 0x5bd1e995);
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = Math.floor(next() * (most + 1));
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
};
