// The batches of bench/peers/trl_losses.py, drawn by the same generator: log-probabilities in steps of 1/4096, so that sums are exact.
import type { Completions } from '@ingot/contracts';
import { Parameter, tensor, type Device } from '@ingot/tensor';
import { pairFromTokens, type TokenScores } from './index.js';

/** x <- 1664525 x + 1013904223 mod 2^32, the upper 24 bits, below n. */
export function generator(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return (x >>> 8) % n;
  };
}

export interface Sizes {
  readonly rows: number;
  readonly tokens: number;
}

/** Lengths, and log-probabilities (B, T) under policy and reference, 0 beyond the length. */
function drawSide(device: Device, below: (n: number) => number, { rows, tokens }: Sizes) {
  const policy = new Float32Array(rows * tokens);
  const reference = new Float32Array(rows * tokens);
  const lengths = Array.from({ length: rows }, (_, row) => {
    const length = 1 + below(tokens);
    for (let at = row * tokens; at < row * tokens + length; at++) {
      const drawn = -(1 + below(16384));
      policy[at] = drawn / 4096;
      reference[at] = Math.min(-1, drawn + below(8192) - 4096) / 4096;
    }
    return length;
  });
  const shape = [rows, tokens];
  return { policy: tensor(device, policy, shape), reference: tensor(device, reference, shape), lengths };
}

/** The sums become parameters, so that a gradient arrives at them; tails stay as they are. */
function withParameter(side: Completions): Completions & { readonly policy: Parameter } {
  const policy = new Parameter(side.policy.device, 'policy', side.policy.shape);
  policy.load(Float32Array.from(side.policy.read()));
  return { ...side, policy };
}

/** The next batch: pairs, and mismatched completions. */
export function drawBatch(device: Device, below: (n: number) => number, sizes: Sizes) {
  const next = (): TokenScores => drawSide(device, below, sizes);
  const [chosen, rejected, other] = [next(), next(), next()];
  const pairs = pairFromTokens(chosen, rejected);
  return {
    chosen: withParameter(pairs.chosen),
    rejected: withParameter(pairs.rejected),
    mismatched: pairFromTokens(other, other).chosen,
  };
}
