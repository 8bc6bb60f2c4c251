// The checks that ops begin with: one device, the right dtype, ids within range.
import type { DType, Device } from '../device.js';
import { TensorError } from '../errors.js';
import type { Tensor } from '../tensor.js';

/** The one device of all inputs; throws `bad-device`. */
export function oneDevice(op: string, first: Tensor, ...others: readonly (Tensor | undefined)[]): Device {
  for (const other of others) {
    if (other !== undefined && other.device !== first.device) {
      throw new TensorError('bad-device', op, {
        wanted: 'inputs of one device',
        got: `${first.device.name} and ${other.device.name}`,
        try: 'read it and make it again on the other device',
      });
    }
  }
  return first.device;
}

/** Throws `bad-dtype` when a tensor is not of this type. */
export function checkType(op: string, what: string, tensor: Tensor, dtype: DType): void {
  if (tensor.dtype !== dtype)
    throw new TensorError('bad-dtype', op, { wanted: `${what} of ${dtype}`, got: tensor.dtype });
}

/** Throws `bad-index` when an id is not in [low, high). Ids uploaded from the host know their range; others are downloaded to look. */
export function checkIds(op: string, ids: Tensor, low: number, high: number): void {
  checkType(op, 'ids', ids, 'i32');
  const { range } = ids.buffer;
  if (range !== undefined && range.low >= low && range.high < high) return;
  ids.read().forEach((id, i) => {
    if (id < low || id >= high)
      throw new TensorError('bad-index', op, {
        wanted: `ids from ${low} to ${high - 1}`,
        got: `${id} at element ${i}`,
      });
  });
}

/** Throws `bad-shape` unless a size is what it must be. */
export function checkSize(op: string, what: string, wanted: number, got: number | undefined): void {
  if (wanted !== got)
    throw new TensorError('bad-shape', op, { wanted: `${what} of ${wanted}`, got: `${got ?? 'none'}` });
}
