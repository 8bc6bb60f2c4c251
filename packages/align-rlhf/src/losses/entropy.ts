// The entropy of the next token's distribution, −Σ p log p, in nats.
import { exp, logSoftmax, mul, neg, scope, sum, type Tensor } from '@ingot/tensor';

/** Entropies with gradient: logits (N, V) -> (N). */
export const entropyOf = (logits: Tensor): Tensor =>
  scope(() => {
    const logs = logSoftmax(logits);
    return neg(sum(mul(exp(logs), logs), 1));
  });
