// Bits per byte of a model on documents: comparable across tokenizers and with byte-level baselines (The Pile, Gao et al. 2020, section 3.1).
//   bits per byte = −Σ log2 p(token | past) / UTF-8 bytes
import type { OpenModel } from '@ingot/decoding';
import type { Encoder } from './evaluator/encode-pair.js';
import { rollingLogLikelihood } from './evaluator/rolling.js';

export interface BitsOptions {
  /** How far windows are apart; half of the context unless said, so that every prediction past the first window sees at least half of it. */
  readonly stride?: number;
  /** Called between calls of the model. */
  readonly breathe?: () => Promise<void>;
}

/**
 * Bits that the model needs for one document, as tokens of `tokenizer`. The first token follows the end-of-text token, as in training;
 * without one it is charged as a uniform draw, log2(V) bits, so that nothing is free. Many documents at once are cheaper: `rollingLogLikelihood`.
 */
export async function documentBits(
  model: OpenModel,
  tokenizer: Encoder,
  document: string,
  options: BitsOptions = {},
): Promise<number> {
  const [scored] = await rollingLogLikelihood(model, tokenizer, [document], options);
  return ((scored?.start ?? 0) - (scored?.logProbability ?? 0)) / Math.LN2;
}
