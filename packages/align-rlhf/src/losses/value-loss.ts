// The value function's loss: ½ max((V − R)², (V_clipped − R)²), V_clipped within ± range of the value at the time of the rollout (Schulman et al. 2017, code; TRL's PPO).
import type { LossParts } from '@ingot/contracts';
import { affine, maximum, minimum, mul, scope, square, sub, sum, type Tensor } from '@ingot/tensor';
import { perToken } from '../estimators/sequences.js';
import { upload } from './answers.js';

export interface ValueBatch {
  /** V of every token, (N), with gradient. */
  readonly values: Tensor;
  /** V at the time of the rollout, (N). */
  readonly old: ArrayLike<number>;
  /** (N). */
  readonly returns: ArrayLike<number>;
  /** Tokens of each answer, (S). */
  readonly lengths: ArrayLike<number>;
  /** How much each answer counts, (S), 1 unless said. */
  readonly weights?: ArrayLike<number>;
}

/** Sum over tokens and their number (weights counted); `clipped` of them had the clipped error. `range` undefined: not clipped. */
export function valueLoss(
  { values, old, returns, lengths, weights }: ValueBatch,
  range: number | undefined,
): LossParts {
  return scope(() => {
    const on = { device: values.device };
    const count = values.size;
    const target = upload(on, returns, [count]);
    const free = square(sub(values, target));
    const shares = weights ? perToken(weights, lengths) : new Float64Array(count).fill(1);
    const weight = shares.reduce((a, b) => a + b, 0);
    const mask = upload(on, shares, [count]);
    if (range === undefined)
      return { sum: sum(mul(affine(free, 0.5, 0), mask)), weight, stats: { tokens: count, clipped: 0 } };
    const low = upload(
      on,
      Float64Array.from(old, (value) => value - range),
      [count],
    );
    const high = upload(
      on,
      Float64Array.from(old, (value) => value + range),
      [count],
    );
    const held = square(sub(minimum(maximum(values, low), high), target));
    const [a, b] = [free.read(), held.read()];
    const clipped = Array.from(a).filter((one, i) => b[i]! > one).length;
    return {
      sum: sum(mul(affine(maximum(free, held), 0.5, 0), mask)),
      weight,
      stats: { tokens: count, clipped },
    };
  });
}
