// L(N, D) = E + A / N^α + B / D^β: the loss of N parameters trained on D tokens, in nats a token.
// Hoffmann et al. 2022, arXiv:2203.15556, equation 2; refit by Besiroglu et al. 2024, arXiv:2404.10102 (Epoch AI).
import { checkPositive } from './check.js';

export interface LossConstants {
  readonly E: number;
  readonly A: number;
  readonly B: number;
  readonly alpha: number;
  readonly beta: number;
}
/** The three sets of constants. */
export const lossConstants = {
  /** As printed in the paper, section D.3, and on the course page. */
  rounded: { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 },
  /** The same fit before rounding: log A, log B and log E as its authors gave them. */
  unrounded: {
    E: Math.exp(0.5267228),
    A: Math.exp(6.0073404),
    B: Math.exp(6.0179186),
    alpha: 0.33917084,
    beta: 0.2849083,
  },
  /** Epoch's refit of the points in the paper's figure 4: the notebook's whole vector. */
  epoch: {
    E: Math.exp(0.5971119597824348),
    A: Math.exp(6.177955975826981),
    B: Math.exp(7.6427323622433505),
    alpha: 0.34781302903942635,
    beta: 0.3658541172951044,
  },
} satisfies Readonly<Record<string, LossConstants>>;
export type LossConstantsName = keyof typeof lossConstants;

/** Nats a token. Throws `bad-options` for quantities that are not above 0. */
export function predictLoss(
  parameters: number,
  tokens: number,
  { E, A, B, alpha, beta }: LossConstants = lossConstants.rounded,
): number {
  checkPositive({ parameters, tokens });
  return E + A / parameters ** alpha + B / tokens ** beta;
}
