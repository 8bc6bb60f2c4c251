// One call of the model over cached sequences: new ids in, the hidden state of each sequence's last position out.
import { type KeyValueCache, slice, tensor, type Tensor } from '@ingot/tensor';
import type { OpenModel } from './open-model.js';

/**
 * Feeds T new ids to each of B sequences, whose pasts may differ in length; the cache holds them afterwards.
 * Gives the hidden states after the last norm at the last position, (B, C). Call it inside a scope.
 */
export function feed(
  { device, family, design, weights }: OpenModel,
  cache: KeyValueCache,
  slots: readonly number[],
  ids: readonly (readonly number[])[],
): Tensor {
  const length = ids[0]?.length ?? 0;
  const input = tensor(device, Int32Array.from(ids.flat()), [ids.length, length], 'i32'); // (B, T)
  const hidden = family.forward(design, weights, input, { cache: cache.view(slots) }); // (B, T, C)
  cache.advance(slots, length);
  const width = hidden.shape[2] ?? 0;
  const last = slice(hidden, [0, length - 1, 0], [ids.length, 1, width]); // (B, 1, C)
  return last.reshape([ids.length, width]);
}

/**
 * log p(token) of each row under the head, (B): the same op as the training loss, so the same bits as the trainer's.
 */
export function rowLogProbabilities(
  { device, family, design, weights }: OpenModel,
  hidden: Tensor,
  tokens: readonly number[],
): Float32Array {
  const targets = tensor(device, Int32Array.from(tokens), [tokens.length], 'i32');
  const losses = weights.crossEntropy(family.head(design), hidden, targets).read(); // (B)
  return Float32Array.from(losses, (loss) => -loss);
}
