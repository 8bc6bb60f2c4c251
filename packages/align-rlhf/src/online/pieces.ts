// Which answers meet the model together: those of like lengths, so that little is padded, and no more than keep the products busy, since each piece's activations are freed before the next.

/** Tokens at once where no number of answers is said: more makes products hardly faster. */
const TOKENS = 2048;
/** A piece with at least so many tokens is not filled up with answers that are much shorter: they would be padding. */
const ENOUGH = 512;
const MUCH = 0.85;

/**
 * Cuts answers of these lengths into pieces, the longest first; `unit` neighbours stay together, and in order. A piece has at most `size` answers,
 * else some 2,048 tokens. Every answer is in one piece; a sum over pieces is that over all.
 */
export function likePieces(
  lengths: readonly number[],
  { size, unit = 1 }: { readonly size: number | undefined; readonly unit?: number },
): readonly (readonly number[])[] {
  const most = size === undefined ? Infinity : Math.max(unit, Math.floor(size / unit) * unit);
  const longest = Array.from({ length: lengths.length / unit }, (_, i) =>
    Math.max(...lengths.slice(i * unit, (i + 1) * unit)),
  );
  const order = longest.map((_, i) => i).sort((a, b) => longest[b]! - longest[a]! || a - b);
  const pieces: number[][] = [];
  let [width, room] = [0, 0];
  for (const one of order) {
    const piece = pieces.at(-1);
    const length = longest[one]!;
    const answers = Array.from({ length: unit }, (_, i) => one * unit + i);
    const padded = length < MUCH * width && (piece?.length ?? 0) * width >= ENOUGH;
    if (piece && room >= unit && !padded) {
      piece.push(...answers);
      room -= unit;
    } else {
      pieces.push(answers);
      width = length;
      room = (size === undefined ? Math.max(unit, Math.floor(TOKENS / Math.max(1, width))) : most) - unit;
    }
  }
  return pieces;
}
