// A model at a temperature: its head reads hidden / T, for the draw, for log-probabilities and for the gradient alike, so that all of them speak of one policy.
import { affine } from '@ingot/tensor';
import type { LiveModel } from '@ingot/contracts';

/** The same weights with logits / T. Heads have no bias, so hidden / T is that. */
export function tempered(live: LiveModel, temperature: number): LiveModel {
  if (temperature === 1) return live;
  const { weights } = live;
  return {
    ...live,
    weights: {
      linear: (name, x, how) => weights.linear(name, x, how),
      embedding: (name, ids) => weights.embedding(name, ids),
      layerNorm: (name, x, epsilon) => weights.layerNorm(name, x, epsilon),
      rmsNorm: (name, x, epsilon, how) => weights.rmsNorm(name, x, epsilon, how),
      crossEntropy: (name, x, targets) => weights.crossEntropy(name, affine(x, 1 / temperature, 0), targets),
      logits: (name, x) => weights.logits(name, affine(x, 1 / temperature, 0)),
    },
  };
}
