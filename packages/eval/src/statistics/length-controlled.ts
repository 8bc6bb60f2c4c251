// The win rate had both models written equally long. Dubois, Galambosi, Liang, Hashimoto 2024, "Length-Controlled AlpacaEval", eq. 1, simplified:
//   P(first wins) = σ(θ + φ·tanh(Δ / sd(Δ))),  Δ = length of the first's answer − the second's;  the controlled win rate is σ(θ)
// Their term for the difficulty of each instruction, which takes many models to fit, is left out. Fitted by Newton's method to outcomes in
// [0, 1]; φ has a ridge penalty of ½·φ²·RIDGE so that a length that separates wins from losses perfectly still has a finite fit.
import { normalQuantile } from './distributions.js';
import { checkConfidence, checkPairs, type Interval, refuse } from './refuse.js';
import { winRate } from './win-rate.js';

const RIDGE = 0.01;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export interface LengthControlled {
  /** Win rate at equal length. */
  readonly rate: number;
  /** Win rate as it is. */
  readonly raw: number;
  /** Wald's interval of θ, through σ. */
  readonly interval: Interval;
  /** θ and φ: strength in log-odds, and what a much longer answer adds to it. */
  readonly strength: number;
  readonly length: number;
}

/**
 * `outcomes` are probabilities that the first is better; `lengths` of both answers, in any one unit. When one side wins everything there is no
 * finite θ: a ridge of the same size keeps it. Throws `bad-value` for fewer than two pairs or unequal lists.
 */
export function lengthControlledWinRate(
  outcomes: readonly number[],
  first: readonly number[],
  second: readonly number[],
  confidence = 0.95,
): LengthControlled {
  const what = 'The length-controlled win rate';
  checkConfidence(what, confidence);
  checkPairs(what, first, second, 2);
  checkPairs(what, outcomes, first, 2);
  if (![...first, ...second].every((length) => Number.isFinite(length) && length >= 0))
    refuse(what, 'lengths from 0', 'others');
  const { rate: raw } = winRate(outcomes, confidence);
  const differences = first.map((length, i) => length - (second[i] ?? 0));
  const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const deviation = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / differences.length);
  // Equal differences everywhere have no spread to divide by, and tell nothing about length.
  const x = differences.map((one) => (deviation > 0 ? Math.tanh(one / deviation) : 0));
  let strength = 0;
  let length = 0;
  let error = 0;
  for (let step = 0; step < 100; step++) {
    let [g0, g1, h00, h01, h11] = [-RIDGE * strength, -RIDGE * length, RIDGE, 0, RIDGE];
    for (const [i, outcome] of outcomes.entries()) {
      const at = x[i] ?? 0;
      const p = sigmoid(strength + length * at);
      const weight = p * (1 - p);
      g0 += outcome - p;
      g1 += (outcome - p) * at;
      h00 += weight;
      h01 += weight * at;
      h11 += weight * at * at;
    }
    const determinant = h00 * h11 - h01 * h01;
    // Half steps cannot be needed: the penalised likelihood is concave, and moves are bounded against overshooting.
    const bound = (move: number): number => Math.max(-2, Math.min(2, move));
    const [moveStrength, moveLength] = [
      bound((h11 * g0 - h01 * g1) / determinant),
      bound((h00 * g1 - h01 * g0) / determinant),
    ];
    strength += moveStrength;
    length += moveLength;
    error = Math.sqrt(h11 / determinant);
    if (Math.abs(moveStrength) + Math.abs(moveLength) < 1e-12) break;
  }
  const half = normalQuantile(1 - (1 - confidence) / 2) * error;
  return {
    rate: sigmoid(strength),
    raw,
    interval: { low: sigmoid(strength - half), high: sigmoid(strength + half) },
    strength,
    length,
  };
}
