// Causal attention of new positions over a key-value cache, for decoding: their keys and values are written into it, then each attends
// over its own sequence up to itself, within the window where there is one. Sequences may hold different numbers of positions. No gradient.
import type { AttentionCache } from '../cache.js';
import type { Device, Storage } from '../device.js';
import { TensorError } from '../errors.js';
import type { AttentionCachedSpec } from '../kernels.js';
import { tracked } from '../record.js';
import { result, tensor, type Tensor } from '../tensor.js';
import { capScores, repeatHeads } from './attention-composed.js';
import { attentionShape, type HeadOptions } from './attention-shape.js';
import { affine } from './affine.js';
import { checkSize, checkType } from './check.js';
import { composed } from './composed.js';
import { concat } from './concat.js';
import { matmul } from './matmul.js';
import { softmax } from './softmax.js';
import { transpose } from './transpose.js';
import { where } from './where.js';

/**
 * qkv (B, T, (H + 2K)·D): T new positions of each of the view's B sequences -> (B, T, H·D). Their lengths do not move on: call
 * `cache.advance` after the last layer. Throws `bad-shape`, `bad-device`, `bad-index` when a slot would overflow, `no-gradient` outside of noGrad.
 */
export function attentionCached(qkv: Tensor, view: AttentionCache, layer: number, options: HeadOptions): Tensor {
  const { device } = qkv;
  checkType('attentionCached', 'qkv', qkv, 'f32');
  if (tracked(qkv)) {
    throw new TensorError('no-gradient', 'attentionCached', {
      wanted: 'no gradient through the cache',
      got: 'an input that is recorded',
      try: 'decode inside noGrad',
    });
  }
  const shape = attentionShape('attentionCached', qkv, options);
  const { cache, slots, starts } = view;
  if (cache.device !== device) {
    throw new TensorError('bad-device', 'attentionCached', {
      wanted: 'a cache of the same device',
      got: `${cache.device.name} and ${device.name}`,
      try: 'create the cache on the device of the weights',
    });
  }
  checkSize('attentionCached', 'a batch', slots.length, shape.batch);
  checkSize('attentionCached', 'keys', cache.width, shape.kvHeads * shape.headSize);
  for (const start of starts) {
    if (start + shape.length > cache.capacity) {
      throw new TensorError('bad-index', 'attentionCached', {
        wanted: `at most ${cache.capacity} positions in a slot`,
        got: `${start} + ${shape.length}`,
        try: 'a larger capacity, or stop at the context’s end',
      });
    }
  }
  const { keys, values } = cache.layer(layer);
  const spec: AttentionCachedSpec = {
    ...shape,
    qkv: qkv.storage,
    keys,
    values,
    capacity: cache.capacity,
    slots,
    starts,
  };
  const after = [shape.batch, shape.length, shape.heads * shape.headSize];
  const kernel = device.kernels.attentionCached;
  return kernel
    ? result('attentionCached', device, kernel(spec), after)
    : composed(() => compose(device, spec, cache.slots)).reshape(after);
}

function compose(device: Device, spec: AttentionCachedSpec, slotCount: number): Tensor {
  const { batch, length: T, heads: H, kvHeads: K, headSize: D, keys, values, capacity } = spec;
  const rows = batch * T;
  const width = (H + 2 * K) * D;
  const part = (from: number, size: number): Tensor =>
    result('attentionCached', device, device.slice(spec.qkv, [rows, width], [0, from], [rows, size]), [batch, T, size]);
  const q = part(0, H * D);
  const parts = [part(H * D, K * D), part((H + K) * D, K * D)] as const;
  return concat(
    spec.slots.map((slot, b) => {
      const start = spec.starts[b] ?? 0;
      const count = start + T;
      const past = ([keys, values] as const).map((store, which) => {
        device.copy(
          parts[which === 0 ? 0 : 1].storage,
          b * T * K * D,
          store,
          (slot * capacity + start) * K * D,
          T * K * D,
        );
        return readSlot(device, store, [slotCount, capacity, K, D], slot, count, H);
      });
      const [k, v] = past;
      if (k === undefined || v === undefined) return q;
      const own = result(
        'attentionCached',
        device,
        device.slice(q.storage, [batch, T, H * D], [b, 0, 0], [1, T, H * D]),
        [1, T, H, D],
      );
      const products = matmul(affine(transpose(own, [0, 2, 1, 3]), spec.scale, 0), k, { transposeB: true });
      const scores = capScores(products, spec); // (1, H, T, count)
      const mask = tensor(
        device,
        Float32Array.from({ length: T * count }, (_, i) => {
          const back = start + Math.floor(i / count) - (i % count);
          return back >= 0 && back < (spec.window ?? count) ? 1 : 0;
        }),
        [T, count],
      );
      const weights = softmax(where(mask, scores, tensor(device, [-1e30], [1])));
      return transpose(matmul(weights, v), [0, 2, 1, 3]).reshape([1, T, H * D]);
    }),
    0,
  );
}

/** The first `count` positions of a slot, (1, H, count, D). */
function readSlot(
  device: Device,
  store: Storage,
  shape: readonly [number, number, number, number],
  slot: number,
  count: number,
  heads: number,
): Tensor {
  const [, , kvHeads, size] = shape;
  const rows = result(
    'attentionCached',
    device,
    device.slice(store, shape, [slot, 0, 0, 0], [1, count, kvHeads, size]),
    [1, count, kvHeads, size],
  );
  return repeatHeads(transpose(rows, [0, 2, 1, 3]), heads);
}
