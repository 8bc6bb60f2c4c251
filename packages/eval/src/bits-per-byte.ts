// Bits per byte of a model on documents: comparable across tokenizers and with byte-level baselines (The Pile, Gao et al. 2020, section 3.1).
//   bits per byte = −Σ log2 p(token | past) / UTF-8 bytes
import { readerOf, scoreTexts, type OpenModel } from '@ingot/decoding';
import type { Tokenizer } from '@ingot/text';

export interface BitsOptions {
  /** How far windows are apart; half of the context unless said, so that every prediction past the first window sees at least half of it. */
  readonly stride?: number;
  /** Called between calls of the model. */
  readonly breathe?: () => Promise<void>;
}

/**
 * Bits that the model needs for one document, as tokens of `tokenizer`. The first token follows the end-of-text token, as in training;
 * without one it is charged as a uniform draw, log2(V) bits, so that nothing is free.
 */
export async function documentBits(
  model: OpenModel,
  tokenizer: Pick<Tokenizer, 'encode' | 'endOfText' | 'vocabSize'>,
  document: string,
  options: BitsOptions = {},
): Promise<number> {
  const encoded = tokenizer.encode(document);
  if (encoded.length === 0) return 0;
  const start = tokenizer.endOfText;
  const ids = start === undefined ? encoded : Int32Array.of(start, ...encoded);
  let nats = start === undefined ? Math.log(tokenizer.vocabSize) : 0;
  const stride = options.stride ?? Math.max(1, Math.floor(model.design.context / 2));
  for (const { logProbabilities } of scoreTexts(model, [readerOf(ids)], { stride })) {
    for (const logProbability of logProbabilities) nats -= logProbability;
    await options.breathe?.();
  }
  return nats / Math.LN2;
}
