// −log p of the scored targets of packed rows. Only their hidden states reach the head: masked positions cost nothing there and get no gradient.
import { embedding, scope, tensor, type Tensor, type Weights } from '@ingot/tensor';
import type { ForwardContext, LiveModel } from '@ingot/contracts';
import { layoutContext } from './layout.js';
import type { PackedBatch } from './packed-batch.js';

/** What a forward pass may be given besides the rows. */
export interface RowsContext extends Pick<ForwardContext, 'dropout'> {
  /** Weights to look through instead of the model's own, for the ids of this pass: noise on the embeddings. */
  readonly through?: (weights: Weights, ids: Tensor) => Weights;
}

/** Rows of a matrix by index, with gradient: x (R, C), places i32 (N) -> (N, C). All of them in order are x itself. */
export function gatherRows(x: Tensor, places: Int32Array): Tensor {
  if (places.length === x.shape[0] && places.every((place, i) => place === i)) return x;
  return embedding(x, tensor(x.device, places, [places.length], 'i32'));
}

/** Hidden states of the scored places of a batch, (N, C). */
export function scoredHidden(live: LiveModel, batch: PackedBatch, context: RowsContext = {}): Tensor {
  const { device, family, design, weights } = live;
  const { rows, length } = batch;
  return scope(() => {
    const ids = tensor(device, batch.ids, [rows, length], 'i32');
    const { through, ...rest } = context;
    const seen = through === undefined ? weights : through(weights, ids);
    const hidden = family.forward(design, seen, ids, { ...rest, ...layoutContext(device, batch) }); // (R, T, C)
    return gatherRows(hidden.reshape([rows * length, hidden.shape.at(-1)!]), batch.scored);
  });
}

/** −log p(target) of the scored targets in nats, in the order of the sequences, (N). The full logits are never formed. */
export function tokenLosses(live: LiveModel, batch: PackedBatch, context: RowsContext = {}): Tensor {
  return scope(() => {
    const hidden = scoredHidden(live, batch, context);
    const targets = tensor(live.device, batch.targets, [batch.targets.length], 'i32');
    return live.weights.crossEntropy(live.family.head(live.design), hidden, targets);
  });
}
