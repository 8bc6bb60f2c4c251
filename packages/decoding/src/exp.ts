// e^x for x ≤ 0 from a table and a polynomial: faster than the engine's, and the same bits in every engine, which the language does not ask for.

/** Steps of the table between two powers of two. */
const STEPS = 64;
const fractions = Float64Array.from({ length: STEPS }, (_, i) => 2 ** (i / STEPS));
/** 2^−0 … 2^−1024. */
const powers = Float64Array.from({ length: 1025 }, (_, i) => 2 ** -i);
const perStep = STEPS / Math.LN2;
// ln 2 / 64 in two parts: the first has so few digits that its product with a whole number is exact; the second knows more of ln 2 than a double does.
const high = Math.fround(Math.LN2 / STEPS);
const low = (Math.LN2 - STEPS * high + 2.3190468138462996e-17) / STEPS;

/** e^x of a number that is not above 0, to 2^−51 of itself; 0 below −708. Tang 1989. */
export function expBelowZero(x: number): number {
  if (!(x >= -708)) return 0;
  const k = Math.floor(x * perStep + 0.5);
  const r = x - k * high - k * low; // |r| ≤ ln 2 / 128
  const e = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
  return fractions[k & (STEPS - 1)]! * powers[-(k >> 6)]! * e;
}
