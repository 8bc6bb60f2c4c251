// The adaptive KL controller: e = clip(KL / target − 1, ±0.2), β ← β · (1 + e · n / horizon) (Ziegler et al. 2019, section 2.2).

export interface KlController {
  /** The KL that is aimed at, in nats an answer. */
  readonly target: number;
  /** Answers over which β moves by its own size at an error of 1. */
  readonly horizon: number;
}
/** Largest proportional error that counts. */
const LIMIT = 0.2;

/** β after `answers` answers whose mean KL was `kl`. */
export function nextBeta(beta: number, kl: number, answers: number, { target, horizon }: KlController): number {
  const error = Math.min(LIMIT, Math.max(-LIMIT, kl / target - 1));
  return beta * (1 + (error * answers) / horizon);
}
