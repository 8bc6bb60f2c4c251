// How much of a reward model's margin is length. If the reward were a function of length alone, f(L) = b·L + c·log L, a margin would be f(L_w) − f(L_l):
// least squares of margins on the differences of lengths and of their logarithms, without a constant, since exchanging two answers must turn the sign.
// What remains is the preference beside length (the idea of length-controlled AlpacaEval, Dubois et al. 2024).
import { accuracyOf, type ScoredPair } from './measures.js';

/** The decomposition. */
export interface LengthBias {
  /** Σ margin·ΔL / Σ ΔL²: reward a token, as a straight line. */
  readonly perToken: number;
  /** 1 − Σ (margin − fit)² / Σ margin²: the share of the margins that length could account for; 0 where lengths or margins do not differ. */
  readonly share: number;
  /** Accuracy of margin − fit: of what the model says beside length. */
  readonly controlledAccuracy: number;
  /** Accuracy of taking the longer answer: a baseline, and how much longer the better answers of these pairs are. */
  readonly longerAccuracy: number;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** The least-squares fit of y on two columns through the origin; on the first alone where they are one line. */
function fitted(y: readonly number[], u: readonly number[], v: readonly number[]): number[] {
  const [uu, vv, uv, uy, vy] = [dot(u, u), dot(v, v), dot(u, v), dot(u, y), dot(v, y)];
  const determinant = uu * vv - uv * uv;
  if (uu === 0) return y.map(() => 0);
  if (determinant <= 1e-9 * uu * vv) return u.map((x) => (x * uy) / uu);
  const b = (vv * uy - uv * vy) / determinant;
  const c = (uu * vy - uv * uy) / determinant;
  return u.map((x, i) => b * x + c * v[i]!);
}

/** Decomposes the margins of pairs. Wants one pair or more, of answers of one token or more. */
export function lengthBias(pairs: readonly ScoredPair[]): LengthBias {
  const margins = pairs.map(({ winner, loser }) => winner - loser);
  const differences = pairs.map(({ winnerLength, loserLength }) => winnerLength - loserLength);
  const ratios = pairs.map(({ winnerLength, loserLength }) => Math.log(winnerLength / loserLength));
  const fit = fitted(margins, differences, ratios);
  const rest = margins.map((margin, i) => margin - fit[i]!);
  const [all, squares] = [dot(margins, margins), dot(differences, differences)];
  return {
    perToken: squares === 0 ? 0 : dot(margins, differences) / squares,
    share: all === 0 ? 0 : Math.max(0, 1 - dot(rest, rest) / all),
    controlledAccuracy: accuracyOf(rest),
    longerAccuracy: accuracyOf(differences),
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(0)}%`;

/** The decomposition in one sentence. */
export function lengthSentence({ perToken, share, controlledAccuracy, longerAccuracy }: LengthBias): string {
  return `Length could account for ${percent(share)} of the margins (${perToken >= 0 ? '+' : ''}${perToken.toPrecision(2)} a token); beside it the accuracy is ${percent(controlledAccuracy)}, and taking the longer answer alone gets ${percent(longerAccuracy)}.`;
}
