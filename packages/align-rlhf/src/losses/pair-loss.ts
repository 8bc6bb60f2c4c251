// Online DPO: two answers of the policy itself, the better one told by a reward or a judge (Guo et al. 2024), learnt by DPO's or IPO's loss.
import type { LossParts } from '@ingot/contracts';
import { add, affine, logSigmoid, mul, neg, scope, square, sub, sum, tensor, type Tensor } from '@ingot/tensor';

/** P pairs of answers to one prompt each. */
export interface AnswerPairs {
  /** Σ log π over the tokens of the first answers, (P), with gradient, and of the second ones. */
  readonly first: Tensor;
  readonly second: Tensor;
  /** The same under the reference, (P) each. */
  readonly reference: { readonly first: ArrayLike<number>; readonly second: ArrayLike<number> };
  /** The probability that the first is better, (P): 1 or 0 for a drawn label, between for a soft one. */
  readonly better: ArrayLike<number>;
  /** How much each pair counts, (P), 1 unless said. */
  readonly weights?: ArrayLike<number>;
}
const forms = {
  sigmoid: (h, beta) => neg(logSigmoid(affine(h, beta, 0))),
  ipo: (h, beta) => square(affine(h, 1, -1 / (2 * beta))),
} satisfies Record<string, (h: Tensor, beta: number) => Tensor>;
export type PairForm = keyof typeof forms;

/** p · ℓ(h) + (1 − p) · ℓ(−h) with h the difference of the two log-ratios to the reference; ℓ is −log σ(β h), or (h − 1/(2β))². */
export function pairLoss(
  { first, second, reference, better, weights }: AnswerPairs,
  form: PairForm,
  beta: number,
): LossParts {
  const count = first.size;
  const upload = (numbers: ArrayLike<number>): Tensor => tensor(first.device, Float32Array.from(numbers), [count]);
  const shares = Float64Array.from({ length: count }, (_, i) => weights?.[i] ?? 1);
  return scope(() => {
    const offset = Float64Array.from({ length: count }, (_, i) => reference.first[i]! - reference.second[i]!);
    const h = sub(sub(first, second), upload(offset));
    const yes = upload(shares.map((share, i) => share * better[i]!));
    const no = upload(shares.map((share, i) => share * (1 - better[i]!)));
    const loss = add(mul(forms[form](h, beta), yes), mul(forms[form](neg(h), beta), no));
    const margins = Array.from(h.read());
    const right = margins.filter((margin, i) => margin > 0 === better[i]! > 0.5).length;
    return {
      sum: sum(loss),
      weight: shares.reduce((a, b) => a + b, 0),
      stats: { pairs: count, accuracy: right, margin: beta * margins.reduce((a, b) => a + b, 0) },
    };
  });
}
