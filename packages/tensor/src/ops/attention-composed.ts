// Attention composed from recorded primitives, for devices without the kernel: the same numbers, with the T × T matrix in memory.
import type { AttentionShape } from '../kernels.js';
import { scope } from '../scope.js';
import { tensor, type Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { concat } from './concat.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { slice } from './slice.js';
import { softmax } from './softmax.js';
import { tanh } from './tanh.js';
import { transpose } from './transpose.js';
import { where } from './where.js';

/** Far below every score, yet finite: a row that sees nothing stays free of NaN. */
const HIDDEN = -1e30;

/** Heads from `first` of packed qkv, as (B, count, T, D). */
function takeHeads(qkv: Tensor, { batch, length, headSize }: AttentionShape, first: number, count: number): Tensor {
  const part = slice(qkv, [0, 0, first * headSize], [batch, length, count * headSize]); // (B, T, count·D)
  return transpose(part.reshape([batch, length, count, headSize]), [0, 2, 1, 3]);
}

/** Repeats each key or value head for its group of query heads: (B, K, T, D) -> (B, H, T, D). */
export function repeatHeads(x: Tensor, heads: number): Tensor {
  const [batch = 1, kvHeads = 1, length = 1, size = 1] = x.shape;
  if (kvHeads === heads) return x;
  const apart = x.reshape([batch * kvHeads, 1, length * size]);
  return concat(
    Array.from({ length: heads / kvHeads }, () => apart),
    1,
  ).reshape([batch, heads, length, size]);
}

/** c·tanh(scores/c) where there is a cap. */
export function capScores(scores: Tensor, { softcap }: AttentionShape): Tensor {
  return softcap === undefined ? scores : affine(tanh(affine(scores, 1 / softcap, 0)), softcap, 0);
}

/** 1 where position i may see position j, (1 or B, 1, T, T). */
function visibility(
  qkv: Tensor,
  { batch, length: T, window = T }: AttentionShape,
  causal: boolean,
  documents: Tensor | undefined,
): Tensor {
  const ids = documents?.read();
  const rows = ids === undefined ? 1 : batch;
  const mask = new Float32Array(rows * T * T);
  for (let b = 0; b < rows; b++) {
    for (let i = 0; i < T; i++) {
      const document = ids?.[b * T + i] ?? 0;
      if (document < 0) continue;
      const end = Math.min(T, causal ? i + 1 : i + window);
      for (let j = Math.max(0, i - window + 1); j < end; j++)
        if ((ids?.[b * T + j] ?? 0) === document) mask[(b * T + i) * T + j] = 1;
    }
  }
  return tensor(qkv.device, mask, [rows, 1, T, T]);
}

/** As the attention op, recorded step by step. */
export function composeAttention(
  qkv: Tensor,
  shape: AttentionShape,
  causal: boolean,
  documents: Tensor | undefined,
): Tensor {
  const { batch, length: T, heads: H, kvHeads: K, headSize: D, scale, window } = shape;
  const masked = causal || window !== undefined || documents !== undefined;
  return scope(() => {
    const q = takeHeads(qkv, shape, 0, H);
    const k = repeatHeads(takeHeads(qkv, shape, H, K), H);
    const v = repeatHeads(takeHeads(qkv, shape, H + K, K), H);
    const scores = capScores(matmul(affine(q, scale, 0), k, { transposeB: true }), shape); // (B, H, T, T)
    const y = matmul(
      weigh(scores, masked ? visibility(qkv, shape, causal, documents) : undefined, documents !== undefined),
      v,
    );
    return transpose(y, [0, 2, 1, 3]).reshape([batch, T, H * D]);
  });
}

function weigh(scores: Tensor, mask: Tensor | undefined, padded: boolean): Tensor {
  if (mask === undefined) return softmax(scores);
  const weights = softmax(where(mask, scores, tensor(scores.device, [HIDDEN], [1])));
  // A padding row saw nothing, so its weights are even: they become zeros.
  return padded ? mul(weights, mask) : weights;
}
