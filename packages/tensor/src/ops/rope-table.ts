// Cosines and sines of rotary positions: made once a forward pass on the host, in double, and shared by all layers.
import type { Device } from '../device.js';
import { TensorError } from '../errors.js';
import type { RopeFrequencies } from '../rope-frequencies.js';
import { tensor, Tensor } from '../tensor.js';
import { checkType } from './check.js';

/** Positions 0 … length − 1, or `start` onwards, the same for every row. */
export interface PositionRange {
  readonly length: number;
  readonly start?: number;
}

/**
 * The angles of these positions: (B, T, R) for positions i32 (B, T), (1, T, R) for a range: R/2 cosines, then R/2 sines of
 * position · frequency, times the frequencies' factor. A constant: no gradient flows into it. Inside `recompute` pass it as an input.
 * Throws `bad-shape`, `bad-dtype`.
 */
export function ropeTable(device: Device, frequencies: RopeFrequencies, positions: Tensor | PositionRange): Tensor {
  const { values, batch, length } = positions instanceof Tensor ? given(positions) : range(positions);
  const { radians, factor } = frequencies;
  const half = radians.length;
  const data = new Float32Array(batch * length * 2 * half);
  const rows = new Map<number, number>();
  for (let row = 0, at = 0; row < batch * length; row++, at += 2 * half) {
    const position = values[row] ?? 0;
    const before = rows.get(position);
    if (before !== undefined) {
      data.copyWithin(at, before, before + 2 * half);
      continue;
    }
    rows.set(position, at);
    radians.forEach((radian, i) => {
      data[at + i] = factor * Math.cos(position * radian);
      data[at + half + i] = factor * Math.sin(position * radian);
    });
  }
  return tensor(device, data, [batch, length, 2 * half]);
}

interface Positions {
  readonly values: ArrayLike<number>;
  readonly batch: number;
  readonly length: number;
}

function given(positions: Tensor): Positions {
  checkType('ropeTable', 'positions', positions, 'i32');
  const [batch, length] = positions.shape;
  if (batch === undefined || length === undefined || positions.shape.length !== 2)
    throw new TensorError('bad-shape', 'ropeTable', {
      wanted: 'positions (B, T)',
      got: `(${positions.shape.join(', ')})`,
    });
  return { values: positions.read(), batch, length };
}

function range({ length, start = 0 }: PositionRange): Positions {
  return { values: Array.from({ length }, (_, i) => start + i), batch: 1, length };
}
