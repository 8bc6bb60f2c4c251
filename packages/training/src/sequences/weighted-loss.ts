// The supervised loss of packed rows: Σ weight · loss(token) over scored targets; a batch's mean divides by its Σ weight.
import { add, affine, exp, logSoftmax, mean, mul, neg, pick, scope, sum, tensor, type Tensor } from '@ingot/tensor';
import type { LiveModel } from '@ingot/contracts';
import type { PackedBatch } from './packed-batch.js';
import { scoredHidden, tokenLosses, type RowsContext } from './token-losses.js';

/**
 * - `nll`: −log p.
 * - `dft`: −sg(p)·log p, dynamic fine-tuning (Wu et al. 2025, equation 9): tokens that the model finds unlikely pull less.
 */
export type SupervisedLoss = 'nll' | 'dft';

const losses = {
  nll: (loss) => loss,
  dft: (loss) => mul(loss, exp(neg(loss)).detach()),
} satisfies Record<SupervisedLoss, (loss: Tensor) => Tensor>;

/** What is taken over the scored targets, and what the forward pass is given. */
export interface LossHow extends RowsContext {
  readonly loss?: SupervisedLoss;
  /** ε of label smoothing (Szegedy et al. 2016, as torch's cross_entropy): (1 − ε)·(−log p) + ε·mean over the vocabulary of −log p. Forms the full logits of the scored targets. */
  readonly smoothing?: number;
}

/** (1 − ε)·(−log p(target)) + ε/V · Σ_v −log p(v) of each scored target, (N). */
function smoothed(live: LiveModel, batch: PackedBatch, epsilon: number, context: RowsContext): Tensor {
  return scope(() => {
    const hidden = scoredHidden(live, batch, context);
    const all = logSoftmax(live.weights.logits(live.family.head(live.design), hidden)); // (N, V)
    const own = pick(all, tensor(live.device, batch.targets, [batch.targets.length], 'i32'));
    return add(affine(own, epsilon - 1, 0), affine(mean(all, 1), -epsilon, 0));
  });
}

/** Σ weight · loss(target) over the scored targets of a batch, in nats; one element. Everything else gets a gradient of exactly zero at the head. */
export function weightedLoss(live: LiveModel, batch: PackedBatch, how: LossHow = {}): Tensor {
  const { loss = 'nll', smoothing = 0, ...context } = how;
  return scope(() => {
    const each = smoothing > 0 ? smoothed(live, batch, smoothing, context) : tokenLosses(live, batch, context);
    return sum(mul(losses[loss](each), tensor(live.device, batch.weights, [batch.weights.length])));
  });
}
