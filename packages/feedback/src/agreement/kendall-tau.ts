// Whether two rankings order the same items alike: τ_b, which knows ties. Kendall 1945.
import { sameLength } from './refuse.js';

/**
 * τ_b = (concordant − discordant) / √((n₀ − ties in x)(n₀ − ties in y)) over all pairs of items: 1 the same order, −1 the reverse. NaN when one
 * ranking ties everything. Takes n² steps. Throws `bad-input` for lists of different lengths.
 */
export function kendallTau(x: readonly number[], y: readonly number[]): number {
  sameLength("Kendall's τ", x, y);
  let agreeing = 0;
  let inX = 0;
  let inY = 0;
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      const [dx, dy] = [Math.sign((x[i] ?? 0) - (x[j] ?? 0)), Math.sign((y[i] ?? 0) - (y[j] ?? 0))];
      agreeing += dx * dy;
      inX += Math.abs(dx);
      inY += Math.abs(dy);
    }
  return agreeing / Math.sqrt(inX * inY);
}
