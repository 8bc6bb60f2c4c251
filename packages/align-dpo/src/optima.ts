// Where a loss leads when it sees every pair: the optimum that a method declares, for the truth test.
// Pairs are drawn from the reference and labelled by Bradley and Terry (1952): P(i ≻ j) = σ(r_i − r_j).

/** All answers to one prompt, with their probability under the reference and their reward. */
export interface Population {
  /** log π_ref of each answer, (N). */
  readonly logReference: Float64Array;
  /** r of each answer, (N). */
  readonly reward: Float64Array;
}

/** log-probabilities proportional to exp(x). */
function normalised(x: Float64Array): Float64Array {
  const most = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = most + Math.log(x.reduce((all, one) => all + Math.exp(one - most), 0));
  return x.map((one) => one - sum);
}

/** DPO's: log π* = log π_ref + r / β − log Z, (N). Rafailov et al. 2023, equation 4. */
export const dpoOptimum = ({ logReference, reward }: Population, beta: number): Float64Array =>
  normalised(logReference.map((log, i) => log + reward[i]! / beta));

/**
 * IPO's: log π* = log π_ref + T · E_j[2 P(i ≻ j) − 1] / (2 β) − log Z, (N), with j ~ π_ref; T is the tokens of an answer, because the loss
 * averages over them (as TRL's). Azar et al. 2023, equations 8 and 17: least squares over pairs, so that the mean over partners is the solution.
 */
export const ipoOptimum = ({ logReference, reward }: Population, beta: number, tokens: number): Float64Array =>
  normalised(
    logReference.map((log, i) => {
      let wins = 0; // E_j[2 σ(r_i − r_j) − 1]
      for (let j = 0; j < reward.length; j++)
        wins += Math.exp(logReference[j]!) * Math.tanh((reward[i]! - reward[j]!) / 2);
      return log + (tokens * wins) / (2 * beta);
    }),
  );
