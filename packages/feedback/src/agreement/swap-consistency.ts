// How often a judge says the same when the answers change places. Zheng et al. 2023, section 4.3 ("consistency").

/** Of a judge's two verdicts on one pair: the probability that the same answer is better, when it stands first and when it stands second. */
export interface SwappedVerdict {
  readonly first: number;
  readonly second: number;
}
/** The side that a probability is on: 1 better, −1 worse, 0 a tie. */
export const sideOf = (probability: number): number => Math.sign(probability - 0.5);

/** The share of verdicts that are on the same side in both positions, 0 to 1; NaN without verdicts. */
export const swapConsistency = (verdicts: readonly SwappedVerdict[]): number =>
  verdicts.filter(({ first, second }) => sideOf(first) === sideOf(second)).length / verdicts.length;
