// The next-token loss of a batch, through a family and the weights seam.
import { noGrad, scope, sum, tensor, type Device, type Tensor, type Weights } from '@ingot/tensor';
import type { DesignValue, FamilyValue, ForwardContext, TokenStream } from '@ingot/contracts';
import { evaluationWindows, scored, type TokenBatch } from './batches.js';

/** What runs: a family, a design and weights on a device. */
export interface Runnable {
  readonly device: Device;
  readonly family: FamilyValue;
  readonly design: DesignValue;
  readonly weights: Weights;
}

/** Σ −log p(target) over the scored targets of a batch, in nats; one element. The full logits are never formed. */
export function batchLoss(
  { device, family, design, weights }: Runnable,
  batch: TokenBatch,
  context: ForwardContext = {},
): Tensor {
  const { rows, length } = batch;
  return scope(() => {
    const ids = tensor(device, batch.ids, [rows, length], 'i32');
    const targets = tensor(device, batch.targets, [rows * length], 'i32');
    const hidden = family.forward(design, weights, ids, context); // (B, T, C)
    const width = hidden.shape.at(-1)!;
    return sum(weights.crossEntropy(family.head(design), hidden.reshape([rows * length, width]), targets)); // (B·T) -> ()
  });
}

/** The loss of a split and what it means per byte of text. */
export interface Evaluation {
  /** Mean nats a token. */
  readonly loss: number;
  /** loss · tokens / (bytes · ln 2), with the whole split's tokens a byte. */
  readonly bitsPerByte: number;
  readonly tokens: number;
}

/**
 * Evaluates up to `limit` windows of `length` tokens, evenly spread over the split, `rows` at a time, without dropout and without gradients.
 * Undefined when the split is shorter than two tokens; a split shorter than a window is read as one shorter window.
 */
export function evaluateLoss(
  model: Runnable,
  stream: TokenStream,
  how: { readonly length: number; readonly rows: number; readonly limit: number },
): Evaluation | undefined {
  if (stream.tokens < 2) return undefined;
  const length = Math.min(how.length, stream.tokens - 1);
  const starts = evaluationWindows(stream, length, how.limit);
  let total = 0;
  let count = 0;
  for (let first = 0; first < starts.length; first += how.rows) {
    const chosen = starts.slice(first, first + how.rows);
    const ids = new Int32Array(chosen.length * length);
    const targets = new Int32Array(chosen.length * length);
    chosen.forEach((start, r) => {
      const window = stream.read(start, length + 1);
      ids.set(window.subarray(0, length), r * length);
      targets.set(window.subarray(1), r * length);
    });
    total += noGrad(() => scope(() => batchLoss(model, { ids, targets, rows: chosen.length, length }).item()));
    count += scored(targets);
  }
  const loss = total / count;
  return { loss, bitsPerByte: bitsPerByte(loss, stream), tokens: count };
}

/** Nats a token as bits a byte of the text behind the tokens. */
export const bitsPerByte = (loss: number, { tokens, bytes }: Pick<TokenStream, 'tokens' | 'bytes'>): number =>
  (loss * tokens) / (bytes * Math.LN2);
