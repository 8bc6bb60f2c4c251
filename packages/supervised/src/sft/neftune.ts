// Noise on embeddings in training (NEFTune, Jain et al. 2023, algorithm 1): each gets α/√(L·C)·U(−1, 1), L the sequence's length.
// The noise of a token is a function of (seed, step, example, position), so it is the same in any batch, packed or not.
import { add, philox4x32, scope, tensor, uniform, type Tensor, type Weights } from '@ingot/tensor';
import { namedKey, type PackedBatch } from '@ingot/training';

/** Which noise. */
export interface NoiseHow {
  readonly alpha: number;
  readonly seed: number;
  readonly step: number;
  /** A number of its own for each sequence of the batch, (S): the example's place in the data. */
  readonly examples: readonly number[];
}

/** The noise of a batch, (R, T, C); zeros in padding. */
export function embeddingNoise(batch: PackedBatch, width: number, how: NoiseHow): Float32Array {
  const noise = new Float32Array(batch.rows * batch.length * width);
  const key = namedKey(how.seed, 'neftune');
  const lengths = new Int32Array(batch.starts.length);
  for (const sequence of batch.documents) if (sequence >= 0) lengths[sequence]!++;
  batch.starts.forEach((start, s) => {
    const length = lengths[s]!;
    const size = how.alpha / Math.sqrt(length * width);
    const example = how.examples[s] ?? s;
    const [first, second] = philox4x32([how.step, example >>> 0, Math.floor(example / 2 ** 32), 0], key);
    const draws = uniform(length * width, [first, second]);
    for (let i = 0; i < draws.length; i++) noise[start * width + i] = size * (2 * draws[i]! - 1);
  });
  return noise;
}

/** Weights whose embedding of `ids` carries the noise; every other name and every other table is as it was. */
export function noisyWeights(weights: Weights, ids: Tensor, batch: PackedBatch, how: NoiseHow): Weights {
  return {
    linear: (name, x, options) => weights.linear(name, x, options),
    layerNorm: (name, x, epsilon) => weights.layerNorm(name, x, epsilon),
    rmsNorm: (name, x, epsilon, options) => weights.rmsNorm(name, x, epsilon, options),
    crossEntropy: (name, x, targets) => weights.crossEntropy(name, x, targets),
    logits: (name, x) => weights.logits(name, x),
    embedding(name, looked) {
      if (looked !== ids) return weights.embedding(name, looked);
      return scope(() => {
        const x = weights.embedding(name, ids); // (R, T, C)
        const noise = embeddingNoise(batch, x.shape.at(-1)!, how);
        return add(x, tensor(x.device, noise, x.shape));
      });
    },
  };
}
