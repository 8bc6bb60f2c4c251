// Philox 4x32-10, a counter-based generator: random numbers as a pure function of (key, counter), so that no result depends on order.
// Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011), section 4.3.

export type PhiloxKey = readonly [number, number];
export type PhiloxBlock = readonly [number, number, number, number];

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** The high 32 bits of a 32 × 32 bit product. */
function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const cross = a0 * b1 + (middle % 0x10000);
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) >>> 0;
}

/** Four 32-bit words (unsigned) of a counter of four words under a key of two. */
export function philox4x32(counter: PhiloxBlock, key: PhiloxKey): PhiloxBlock {
  let [c0, c1, c2, c3] = counter;
  let k0 = key[0] >>> 0;
  let k1 = key[1] >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, c0 >>> 0);
    const low0 = Math.imul(M0, c0) >>> 0;
    const high1 = mulHigh(M1, c2 >>> 0);
    const low1 = Math.imul(M1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Block number n (a whole number up to 2^53) of a key: counter words (n mod 2^32, n div 2^32, 0, 0). */
export function philoxBlock(n: number, key: PhiloxKey): PhiloxBlock {
  return philox4x32([(n % 0x100000000) >>> 0, Math.floor(n / 0x100000000) >>> 0, 0, 0], key);
}
