// f-divergences in place of the reverse KL: a log-ratio x = log t becomes f′(t) up to a constant.
// Wang et al. 2024, "Beyond Reverse KL" (f-DPO, arXiv:2309.16240).
import type { Completions, PreferenceBatch } from '@ingot/contracts';
import { affine, exp, logSigmoid, minimum, tensor, zeros, type Tensor } from '@ingot/tensor';
import { logRatio } from '../scores.js';

/** f′ of e^x, elementwise; for 'alpha' with its coefficient. Exponents end at 80, as in TRL. */
const derivatives = {
  'reverse-kl': (x: Tensor) => x,
  'forward-kl': (x: Tensor) => affine(exp(affine(x, -1, 0)), -1, 1), // 1 − 1/t
  js: (x: Tensor) => affine(logSigmoid(x), 1, Math.LN2), // log(2t / (t + 1))
  alpha: (x: Tensor, coefficient: number) => alphaDerivative(x, coefficient),
} as const satisfies Record<string, (x: Tensor, coefficient: number) => Tensor>;

/** The names of the divergences. */
export type Divergence = keyof typeof derivatives;
export const divergences = ['reverse-kl', 'forward-kl', 'js', 'alpha'] as const satisfies readonly Divergence[];

/** (t^(α−1) − 1) / (α − 1), whose limit at α = 1 is log t. */
function alphaDerivative(x: Tensor, coefficient: number): Tensor {
  const power = coefficient - 1;
  if (Math.abs(power) < 1e-6) return x;
  const bounded = minimum(affine(x, power, 0), tensor(x.device, [80], [1]));
  return affine(exp(bounded), 1 / power, -1 / power);
}

/** The score of a log-ratio under a divergence, elementwise; `coefficient` is α of 'alpha'. */
export function divergenceScore(x: Tensor, divergence: Divergence, coefficient = 0.5): Tensor {
  return derivatives[divergence](x, coefficient);
}

/** The same pairs with log-ratios replaced by their scores under a divergence: as `policy`, beside a reference of zeros. Throws `bad-batch`. */
export function withDivergence(batch: PreferenceBatch, divergence: Divergence, coefficient = 0.5): PreferenceBatch {
  if (divergence === 'reverse-kl') return batch;
  const side = (given: Completions): Completions => {
    const { policy, lengths, supervised = { policy, lengths } } = given;
    const score = divergenceScore(logRatio('withDivergence', given), divergence, coefficient);
    return { policy: score, reference: zeros(policy.device, policy.shape), lengths, supervised };
  };
  return { ...batch, chosen: side(batch.chosen), rejected: side(batch.rejected) };
}
