// Logistic regression on hashed n-grams: minimises mean log-loss + l2/2 · |w|² by AdaGrad over shuffled rows. Duchi et al. 2011.
import { IngotError } from '@ingot/core';
import { featuresOf } from './features.js';
import type { Classifier } from './classifier.js';

export interface LabelledText {
  readonly text: string;
  /** Whether it belongs to the category. */
  readonly label: boolean;
}
export interface TrainHow {
  readonly category: string;
  readonly bits?: number;
  readonly epochs?: number;
  readonly lr?: number;
  readonly l2?: number;
  readonly seed?: number;
}

/** A shuffle by xorshift32: the same seed gives the same order. */
const shuffled = (count: number, seed: number): Int32Array => {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  for (let i = count - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
};

/** 1 / (1 + e^−x), without overflow. */
export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/**
 * A classifier of these rows; both labels weigh the same whatever their numbers. The same rows and seed give the same bits.
 * Throws `bad-input` unless there are rows of both labels.
 */
export const trainClassifier = (rows: readonly LabelledText[], how: TrainHow): Classifier => {
  const { category, bits = 14, epochs = 12, lr = 0.5, l2 = 1e-5, seed = 0 } = how;
  const positive = rows.filter(({ label }) => label).length;
  if (positive === 0 || positive === rows.length)
    throw new IngotError(
      'bad-input',
      `The classifier '${category}' wants rows of both labels, got ${positive} of the category and ${rows.length - positive} others.`,
    );
  const features = rows.map(({ text }) => featuresOf(text, bits));
  const weights = new Float64Array(2 ** bits);
  const squares = new Float64Array(2 ** bits).fill(1e-8);
  let bias = 0;
  let biasSquares = 1e-8;
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const row of shuffled(rows.length, seed + epoch)) {
      const { places, values } = features[row]!;
      const { label } = rows[row]!;
      const balance = rows.length / 2 / (label ? positive : rows.length - positive);
      const slope = balance * (sigmoid(bias + dot(weights, places, values)) - (label ? 1 : 0));
      for (let i = 0; i < places.length; i++) {
        const at = places[i]!;
        const gradient = slope * values[i]! + l2 * weights[at]!;
        squares[at]! += gradient ** 2;
        weights[at]! -= (lr * gradient) / Math.sqrt(squares[at]!);
      }
      biasSquares += slope ** 2;
      bias -= (lr * slope) / Math.sqrt(biasSquares);
    }
  return { category, bits, bias, weights: Float32Array.from(weights), threshold: 0.5 };
};

/** Σ wᵢ·xᵢ over the places that hold something. */
export const dot = (weights: Float32Array | Float64Array, places: Int32Array, values: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < places.length; i++) sum += weights[places[i]!]! * values[i]!;
  return sum;
};
