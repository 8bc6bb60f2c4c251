// How many parameters and tokens a compute budget C = 6ND is best spent on.
import { checkPositive } from './check.js';
import { type LossConstants, lossConstants, predictLoss } from './loss.js';

export interface Optimum {
  readonly parameters: number;
  readonly tokens: number;
  /** D / N */
  readonly tokensPerParameter: number;
}
const optimum = (parameters: number, tokens: number): Optimum => ({
  parameters,
  tokens,
  tokensPerParameter: tokens / parameters,
});

/** The rule of twenty tokens a parameter: N = √(C / 120), D = 20N, so that 6ND = C. After table 3 of Hoffmann et al. 2022; the course page's formula. */
export function ruleOfTwenty(flops: number): Optimum {
  checkPositive({ flops });
  const parameters = Math.sqrt(flops / 120);
  return optimum(parameters, 20 * parameters);
}

/**
 * The N and D that make E + A/N^α + B/D^β least where 6ND = C: with G = (αA / βB)^(1/(α+β)),
 * N = G·(C/6)^(β/(α+β)) and D = (C/6)^(α/(α+β)) / G. Hoffmann et al. 2022, equation 4.
 */
export function closedFormOptimum(flops: number, constants: LossConstants = lossConstants.rounded): Optimum {
  checkPositive({ flops });
  const { A, B, alpha, beta } = constants;
  const G = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta));
  const parameters = G * (flops / 6) ** (beta / (alpha + beta));
  return optimum(parameters, flops / 6 / parameters);
}

/** The same found by search: golden sections over log N, on the loss itself. Slower, and here to check the closed form and other laws. */
export function numericOptimum(
  flops: number,
  loss: (parameters: number, tokens: number) => number = predictLoss,
): Optimum {
  checkPositive({ flops });
  const at = (logN: number): number => loss(Math.exp(logN), flops / 6 / Math.exp(logN));
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, Math.log(flops / 6)];
  for (let turn = 0; turn < 200; turn++) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (at(left) < at(right)) high = right;
    else low = left;
  }
  const parameters = Math.exp((low + high) / 2);
  return optimum(parameters, flops / 6 / parameters);
}
