// The log-sigmoid loss with label smoothing, as cDPO, CPO and AOT use it.
import { add, logSigmoid, mul, neg, type Tensor } from '@ingot/tensor';

/** −(1 − ε) log σ(x) − ε log σ(−x), elementwise. */
export function smoothed(logits: Tensor, epsilon: number): Tensor {
  const right = mul(logSigmoid(logits), epsilon - 1);
  return epsilon === 0 ? right : add(right, mul(logSigmoid(neg(logits)), -epsilon));
}
