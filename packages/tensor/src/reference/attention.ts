// Attention of the reference device, one query at a time (Vaswani et al. 2017, equation 1): softmax(q·Kᵀ·scale)·V.
// Prefill and decode share `attendQuery`, which walks the keys from the first to the last, so their rows have the same bits.
import type { AttentionShape } from '../kernels.js';

export interface AttentionArrays extends AttentionShape {
  readonly qkv: Float32Array;
  readonly causal: boolean;
  readonly documents: Int32Array | undefined;
}

/** Rows of keys and values: key j of a head at base + j·stride. */
interface Past {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly stride: number;
}

type Visible = (j: number) => boolean;
const all: Visible = () => true;

/** Which positions of a row may be seen from position i; what comes after it in causal attention is not asked. */
function visibleFrom(i: number, row: number, documents: Int32Array | undefined, window: number | undefined): Visible {
  if (documents === undefined && window === undefined) return all;
  const near: Visible = window === undefined ? all : (j) => Math.abs(i - j) < window;
  if (documents === undefined) return near;
  const own = documents[row + i]!;
  return (j) => own >= 0 && own === documents[row + j] && near(j);
}

/** Scores of the visible keys, −∞ elsewhere; returns the largest. */
function scoreKeys(
  scores: Float64Array,
  q: Float32Array,
  qAt: number,
  past: Past,
  keyAt: number,
  count: number,
  spec: AttentionShape,
  visible: Visible,
): number {
  const { softcap } = spec;
  let largest = -Infinity;
  for (let j = 0; j < count; j++) {
    if (!visible(j)) {
      scores[j] = -Infinity;
      continue;
    }
    let dot = 0;
    for (let d = 0, at = keyAt + j * past.stride; d < spec.headSize; d++) dot += q[qAt + d]! * past.keys[at + d]!;
    const score = dot * spec.scale;
    scores[j] = softcap === undefined ? score : softcap * Math.tanh(score / softcap);
    largest = Math.max(largest, scores[j]!);
  }
  return largest;
}

/** One query of one head over `count` keys; writes its output and returns log Σ exp, or 0 and zeros when it sees nothing. */
function attendQuery(
  y: Float32Array,
  yAt: number,
  sums: Float64Array,
  scores: Float64Array,
  q: Float32Array,
  qAt: number,
  past: Past,
  keyAt: number,
  valueAt: number,
  count: number,
  spec: AttentionShape,
  visible: Visible,
): number {
  const largest = scoreKeys(scores, q, qAt, past, keyAt, count, spec, visible);
  if (largest === -Infinity) return 0;
  const D = spec.headSize;
  let total = 0;
  sums.fill(0);
  for (let j = 0; j < count; j++) {
    const e = Math.exp(scores[j]! - largest);
    total += e;
    if (e === 0) continue;
    for (let d = 0, at = valueAt + j * past.stride; d < D; d++) sums[d] = sums[d]! + e * past.values[at + d]!;
  }
  for (let d = 0; d < D; d++) y[yAt + d] = sums[d]! / total;
  return largest + Math.log(total);
}

/** Forward: y (B, T, H·D) and log Σ exp (B, H, T). A padding position (document < 0) sees nothing: zeros, and log Σ exp 0. */
export function attention(spec: AttentionArrays): { readonly y: Float32Array; readonly logSumExp: Float32Array } {
  const { batch, length: T, heads: H, kvHeads: K, headSize: D, qkv, causal, documents, window } = spec;
  const width = (H + 2 * K) * D;
  const y = new Float32Array(batch * T * H * D);
  const logSumExp = new Float32Array(batch * H * T);
  const scores = new Float64Array(T);
  const sums = new Float64Array(D);
  const past = { keys: qkv, values: qkv, stride: width };
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < H; h++) {
      const group = Math.floor((h * K) / H);
      const keyAt = b * T * width + (H + group) * D;
      for (let i = 0; i < T; i++) {
        const qAt = (b * T + i) * width + h * D;
        const count = causal ? i + 1 : T;
        logSumExp[(b * H + h) * T + i] = attendQuery(
          y,
          ((b * T + i) * H + h) * D,
          sums,
          scores,
          qkv,
          qAt,
          past,
          keyAt,
          keyAt + K * D,
          count,
          spec,
          visibleFrom(i, b * T, documents, window),
        );
      }
    }
  }
  return { y, logSumExp };
}

export interface AttentionBackwardArrays extends AttentionArrays {
  readonly y: Float32Array;
  readonly dy: Float32Array;
  readonly logSumExp: Float32Array;
}

/**
 * dqkv: with p = exp(score − log Σ exp): dv += p·dy, ds = p·(dy·v − dy·y)·scale, dq += ds·k, dk += ds·q (Dao et al. 2022, appendix B);
 * under a cap c, ds is times 1 − (score/c)².
 */
export function attentionBackward(spec: AttentionBackwardArrays): Float32Array {
  const {
    batch,
    length: T,
    heads: H,
    kvHeads: K,
    headSize: D,
    qkv,
    causal,
    documents,
    y,
    dy,
    scale,
    window,
    softcap,
  } = spec;
  const width = (H + 2 * K) * D;
  const dqkv = new Float64Array(qkv.length);
  const scores = new Float64Array(T);
  const past = { keys: qkv, values: qkv, stride: width };
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < H; h++) {
      const keyAt = b * T * width + (H + Math.floor((h * K) / H)) * D;
      for (let i = 0; i < T; i++) {
        const qAt = (b * T + i) * width + h * D;
        const yAt = ((b * T + i) * H + h) * D;
        const count = causal ? i + 1 : T;
        scoreKeys(scores, qkv, qAt, past, keyAt, count, spec, visibleFrom(i, b * T, documents, window));
        const total = spec.logSumExp[(b * H + h) * T + i]!;
        let delta = 0;
        for (let d = 0; d < D; d++) delta += dy[yAt + d]! * y[yAt + d]!;
        for (let j = 0; j < count; j++) {
          if (scores[j] === -Infinity) continue;
          const p = Math.exp(scores[j]! - total);
          const k = keyAt + j * width;
          const v = k + K * D;
          let dp = 0;
          for (let d = 0; d < D; d++) dp += dy[yAt + d]! * qkv[v + d]!;
          const slope = softcap === undefined ? 1 : 1 - (scores[j]! / softcap) ** 2;
          const ds = p * (dp - delta) * scale * slope;
          for (let d = 0; d < D; d++) {
            dqkv[v + d] = dqkv[v + d]! + p * dy[yAt + d]!;
            dqkv[qAt + d] = dqkv[qAt + d]! + ds * qkv[k + d]!;
            dqkv[k + d] = dqkv[k + d]! + ds * qkv[qAt + d]!;
          }
        }
      }
    }
  }
  return Float32Array.from(dqkv);
}

export interface CachedArrays extends AttentionShape {
  readonly qkv: Float32Array;
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly capacity: number;
  readonly slots: readonly number[];
  readonly starts: readonly number[];
}

/** Writes new keys and values into the cache, then each new position attends over its sequence up to itself. */
export function attentionCached(spec: CachedArrays): Float32Array {
  const { batch, length: T, heads: H, kvHeads: K, headSize: D, qkv, keys, values, capacity, slots, starts } = spec;
  const width = (H + 2 * K) * D;
  const stride = K * D;
  const y = new Float32Array(batch * T * H * D);
  const scores = new Float64Array(capacity);
  const sums = new Float64Array(D);
  for (let b = 0; b < batch; b++) {
    const base = slots[b]! * capacity * stride;
    const start = starts[b]!;
    for (let i = 0; i < T; i++) {
      const from = (b * T + i) * width + H * D;
      keys.set(qkv.subarray(from, from + stride), base + (start + i) * stride);
      values.set(qkv.subarray(from + stride, from + 2 * stride), base + (start + i) * stride);
    }
    for (let h = 0; h < H; h++) {
      const at = base + Math.floor((h * K) / H) * D;
      for (let i = 0; i < T; i++) {
        const row = b * T + i;
        attendQuery(
          y,
          (row * H + h) * D,
          sums,
          scores,
          qkv,
          row * width + h * D,
          { keys, values, stride },
          at,
          at,
          start + i + 1,
          spec,
          visibleFrom(start + i, 0, undefined, spec.window),
        );
      }
    }
  }
  return y;
}
