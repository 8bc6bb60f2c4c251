// How much of a reward model's margin is length: margin = a + b·(difference of lengths) + rest, by least squares over held-out pairs
// (the idea of length-controlled AlpacaEval, Dubois et al. 2024: what remains is the preference at equal length).
import { accuracyOf, type ScoredPair } from './measures.js';

/** The decomposition. */
export interface LengthBias {
  /** b: reward a token. */
  readonly perToken: number;
  /** a: the mean margin of pairs of equal length. */
  readonly atEqualLength: number;
  /** R²: the share of the margins' variance that length explains; 0 where lengths or margins do not vary. */
  readonly share: number;
  /** Accuracy of margin − b·(difference of lengths): of what the model says beside length. */
  readonly controlledAccuracy: number;
  /** Accuracy of taking the longer answer: a baseline. */
  readonly longerAccuracy: number;
}

/** Decomposes the margins of pairs. Wants one pair or more. */
export function lengthBias(pairs: readonly ScoredPair[]): LengthBias {
  const margins = pairs.map(({ winner, loser }) => winner - loser);
  const differences = pairs.map(({ winnerLength, loserLength }) => winnerLength - loserLength);
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / pairs.length;
  const [m, d] = [mean(margins), mean(differences)];
  const product = (a: readonly number[], aMean: number, b: readonly number[], bMean: number): number =>
    a.reduce((sum, x, i) => sum + (x - aMean) * (b[i]! - bMean), 0);
  const [mm, dd, md] = [
    product(margins, m, margins, m),
    product(differences, d, differences, d),
    product(margins, m, differences, d),
  ];
  const perToken = dd === 0 ? 0 : md / dd;
  return {
    perToken,
    atEqualLength: m - perToken * d,
    share: dd === 0 || mm === 0 ? 0 : (md * md) / (mm * dd),
    controlledAccuracy: accuracyOf(margins.map((margin, i) => margin - perToken * differences[i]!)),
    longerAccuracy: accuracyOf(differences),
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(0)}%`;

/** The decomposition in one sentence. */
export function lengthSentence({ perToken, share, controlledAccuracy, longerAccuracy }: LengthBias): string {
  return `Length explains ${percent(share)} of the margins (${perToken >= 0 ? '+' : ''}${perToken.toPrecision(2)} a token); without it the accuracy is ${percent(controlledAccuracy)}, and taking the longer answer alone gets ${percent(longerAccuracy)}.`;
}
