// Dropout (Srivastava et al. 2014) with a mask that is a function of (key, counter): nothing is saved, backward makes it again.
import type { Device, Storage } from '../device.js';
import { TensorError } from '../errors.js';
import type { DropoutSpec } from '../kernels.js';
import { record } from '../record.js';
import { result, type Tensor } from '../tensor.js';
import { checkType } from './check.js';

export interface DropoutOptions {
  /** Share of elements dropped, in [0, 1). */
  readonly rate: number;
  readonly key: readonly [number, number];
  /** First Philox block; an x of n elements uses ⌈n / 4⌉ blocks. */
  readonly counter: number;
}

/** Zero where an element's uniform number is < rate, else x / (1 − rate). Rate 0 gives x itself. Throws `bad-option`. */
export function dropout(x: Tensor, options: DropoutOptions): Tensor {
  checkType('dropout', 'x', x, 'f32');
  if (!(options.rate >= 0 && options.rate < 1))
    throw new TensorError('bad-option', 'dropout', { wanted: 'a rate in [0, 1)', got: `${options.rate}` });
  if (!Number.isSafeInteger(options.counter) || options.counter < 0)
    throw new TensorError('bad-option', 'dropout', { wanted: 'a whole counter from 0', got: `${options.counter}` });
  if (options.rate === 0) return x;
  const { device } = x;
  const run = (from: Tensor): Tensor =>
    result('dropout', device, apply(device, { ...options, x: from.storage }), x.shape);
  return record({ op: 'dropout', output: run(x), inputs: [x], saves: [], backward: (dy, [dx]) => dx.add(run(dy)) });
}

function apply(device: Device, spec: DropoutSpec): Storage {
  if (device.kernels.dropout !== undefined) return device.kernels.dropout(spec);
  const { length } = spec.x;
  const draws = device.uniform(length, spec.key, spec.counter);
  const rate = device.upload(Float32Array.of(spec.rate));
  const dropped = device.binary('greater', rate, [1], draws, [length], [length]);
  const factor = device.affine(dropped, -1 / (1 - spec.rate), 1 / (1 - spec.rate));
  const y = device.binary('mul', spec.x, [length], factor, [length], [length]);
  for (const one of [draws, rate, dropped, factor]) device.free(one);
  return y;
}
