// What the scores of held-out pairs say about a reward model: accuracy, margin, spread, and calibration (Guo et al. 2017).

/** A pair as its model scored it: r_w − r_l, the two scores, and the answers' lengths in tokens. */
export interface ScoredPair {
  readonly winner: number;
  readonly loser: number;
  readonly winnerLength: number;
  readonly loserLength: number;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** 1 for a margin above 0, ½ for none: a tie is a coin's throw. */
const right = (margin: number): number => (margin === 0 ? 0.5 : margin > 0 ? 1 : 0);

/** Share of pairs whose winner scores higher, ties as a half. */
export const accuracyOf = (margins: readonly number[]): number => mean(margins.map(right));

/** Accuracy, mean loss −log σ(margin) and margin, and the least, mean and largest score. Wants one pair or more. */
export function measurePairs(pairs: readonly ScoredPair[]): Readonly<Record<string, number>> {
  const margins = pairs.map(({ winner, loser }) => winner - loser);
  const scores = pairs.flatMap(({ winner, loser }) => [winner, loser]);
  return {
    accuracy: accuracyOf(margins),
    validationLoss: mean(margins.map((margin) => Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin))),
    margin: mean(margins),
    leastScore: scores.reduce((least, score) => Math.min(least, score), Infinity),
    meanScore: mean(scores),
    largestScore: scores.reduce((largest, score) => Math.max(largest, score), -Infinity),
  };
}

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  /** Mean of max(p, 1 − p), p = σ(margin): how sure the model was of its choice. */
  readonly confidence: number;
  /** How often its choice was the people's. */
  readonly accuracy: number;
}

/**
 * Reliability of the model's choices in even bins of confidence from ½ to 1, empty ones left out, and the expected calibration error
 * Σ pairs/all · |accuracy − confidence| (Guo et al. 2017, equation 3).
 */
export function calibration(
  margins: readonly number[],
  bins = 10,
): { readonly bins: readonly CalibrationBin[]; readonly error: number } {
  const width = 0.5 / bins;
  const held: { confidence: number; right: number }[][] = Array.from({ length: bins }, () => []);
  for (const margin of margins) {
    const confidence = sigmoid(Math.abs(margin));
    held[Math.min(bins - 1, Math.floor((confidence - 0.5) / width))]!.push({ confidence, right: right(margin) });
  }
  const filled = held.flatMap((inside, i) =>
    inside.length === 0
      ? []
      : [
          {
            from: 0.5 + i * width,
            to: 0.5 + (i + 1) * width,
            pairs: inside.length,
            confidence: mean(inside.map(({ confidence }) => confidence)),
            accuracy: mean(inside.map((one) => one.right)),
          },
        ],
  );
  const error = filled.reduce(
    (sum, { pairs, confidence, accuracy }) => sum + (pairs / margins.length) * Math.abs(accuracy - confidence),
    0,
  );
  return { bins: filled, error };
}
