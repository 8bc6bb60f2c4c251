// Unicode classes of the characters of a text as bits, remembered by code point: what the split patterns ask about.

export const LETTER = 1; // \p{L}
export const NUMBER = 2; // \p{N}
export const SPACE = 4; // \p{White_Space}
export const OTHER = 8; // none of the three; marks are here
export const BREAK = 16; // \r, \n: spaces too
export const UPPER = 32; // what o200k lets stand in the first half of a word: \p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}
export const LOWER = 64; // and in the second half: \p{Ll}\p{Lm}\p{Lo}\p{M}

/** By code point; 0: not asked yet. The places of surrogates stay 0, because their class is that of the pair. */
const classes = new Uint8Array(0x110000);

const classify = (codePoint: number): number => {
  const character = String.fromCodePoint(codePoint);
  const kind = /\p{L}/u.test(character)
    ? LETTER
    : /\p{N}/u.test(character)
      ? NUMBER
      : /\p{White_Space}/u.test(character)
        ? SPACE
        : OTHER;
  return (
    kind |
    (/[\r\n]/u.test(character) ? BREAK : 0) |
    (/[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]/u.test(character) ? UPPER : 0) |
    (/[\p{Ll}\p{Lm}\p{Lo}\p{M}]/u.test(character) ? LOWER : 0)
  );
};

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** UTF-16 code units of the character that begins at `at`: 2 for a surrogate pair, else 1. */
export const widthAt = (text: string, at: number): number =>
  at + 1 < text.length && isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1)) ? 2 : 1;

const slowClassAt = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  const start = isLow(unit) && at > 0 && isHigh(text.charCodeAt(at - 1)) ? at - 1 : at;
  const codePoint = text.codePointAt(start)!;
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return OTHER; // half a pair
  return (classes[codePoint] ||= classify(codePoint));
};

/** The class bits of the character to which the code unit at `at` belongs; both halves of a surrogate pair have the pair's. */
export const classAt = (text: string, at: number): number => classes[text.charCodeAt(at)]! || slowClassAt(text, at);
