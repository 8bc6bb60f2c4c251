// A trained linear classifier: how it scores a text, and its form as JSON.
import { IngotError } from '@ingot/core';
import * as z from 'zod';
import { featuresOf } from './features.js';
import { dot, sigmoid } from './train.js';

export interface Classifier {
  readonly category: string;
  /** The weights have 2^bits places. */
  readonly bits: number;
  readonly bias: number;
  readonly weights: Float32Array;
  /** The score from which a text belongs to the category. */
  readonly threshold: number;
}

/** The probability that a text belongs to the category. */
export const classify = ({ bits, bias, weights }: Classifier, text: string): number => {
  const { places, values } = featuresOf(text, bits);
  return sigmoid(bias + dot(weights, places, values));
};

/** The form of `classifierJson`. */
export const classifierSchema = z.strictObject({
  format: z.literal('ingot-linear-classifier-1'),
  category: z.string().min(1),
  bits: z.int().min(8).max(20),
  bias: z.number(),
  threshold: z.number().min(0).max(1),
  weights: z.base64().describe('Float32, little-endian, in base64.'),
});
export type ClassifierJson = z.output<typeof classifierSchema>;

/** A classifier as JSON: weights as little-endian float32 in base64, exactly. */
export const classifierJson = ({ category, bits, bias, weights, threshold }: Classifier): ClassifierJson => {
  const bytes = new DataView(new ArrayBuffer(weights.length * 4));
  weights.forEach((weight, at) => bytes.setFloat32(at * 4, weight, true));
  return {
    format: 'ingot-linear-classifier-1',
    category,
    bits,
    bias,
    threshold,
    weights: Buffer.from(bytes.buffer).toString('base64'),
  };
};

/** A classifier from its JSON. Throws `bad-value` for another form, or another number of weights. */
export const classifierOf = (json: unknown): Classifier => {
  const parsed = classifierSchema.safeParse(json);
  if (!parsed.success)
    throw new IngotError(
      'bad-value',
      `A classifier wants the JSON of classifierJson, got: ${z.prettifyError(parsed.error)}`,
    );
  const { weights: encoded, format: _, ...rest } = parsed.data;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 4 * 2 ** rest.bits)
    throw new IngotError(
      'bad-value',
      `The classifier '${rest.category}' wants ${2 ** rest.bits} weights (bits: ${rest.bits}), got ${bytes.length / 4}.`,
    );
  const weights = new Float32Array(2 ** rest.bits);
  for (let i = 0; i < weights.length; i++) weights[i] = bytes.readFloatLE(i * 4);
  return { ...rest, weights };
};
