// KL(π ‖ π_ref) from samples of π: k1 = x, k2 = x²/2, k3 = e^(−x) − 1 + x, with x = log π − log π_ref of the sampled token (Schulman 2020, "Approximating KL divergence").
import { affine, exp, neg, square, sub, type Tensor } from '@ingot/tensor';

/** k1 is unbiased and may be negative; k2 is biased, its gradient is the KL's; k3 is unbiased and never negative. */
export type KlEstimator = 'k1' | 'k2' | 'k3';

const estimators = {
  k1: (x) => x,
  k2: (x) => (x * x) / 2,
  k3: (x) => Math.expm1(-x) + x,
} satisfies Record<KlEstimator, (x: number) => number>;

/** One estimate a token, in nats, from log π and log π_ref of the sampled tokens: (N), (N) -> (N). */
export const klEstimates = (
  policy: ArrayLike<number>,
  reference: ArrayLike<number>,
  estimator: KlEstimator,
): Float64Array =>
  Float64Array.from({ length: policy.length }, (_, i) => estimators[estimator](policy[i]! - reference[i]!));

const terms = {
  k1: (x) => x,
  k2: (x) => affine(square(x), 0.5, 0),
  k3: (x) => sub(exp(neg(x)), affine(x, -1, 1)),
} satisfies Record<KlEstimator, (x: Tensor) => Tensor>;

/**
 * The same with gradient, for a KL term in the loss: shapes broadcast. Beware of k1 there: the gradient of its mean is 0 in expectation.
 */
export const klTerm = (policy: Tensor, reference: Tensor, estimator: KlEstimator): Tensor =>
  terms[estimator](sub(policy, reference));
