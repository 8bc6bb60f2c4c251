// Rotary positions (Su et al. 2021, equation 34): each pair (a, b) of a head's dimensions turns by its position's angle:
// (a·cos − b·sin, b·cos + a·sin). The gradient turns by the negative angle; only the table of angles is kept.
import type { Device, Storage } from '../device.js';
import { TensorError } from '../errors.js';
import type { RopePairing, RopeSpec } from '../kernels.js';
import { record } from '../record.js';
import { showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { checkType, oneDevice } from './check.js';
import { composeRope } from './rope-composed.js';

export interface RopeOptions {
  /** All heads that lie side by side in x: H + 2K of packed queries, keys and values. */
  readonly heads: number;
  /** How many of them turn, from the first: H + K of packed ones. All unless said. */
  readonly rotated?: number;
  /**
   * Which dimensions are a pair: 'half' (i and i + R/2: GPT-NeoX, Hugging Face's weights) or 'interleaved' (2i and 2i + 1: the paper, GPT-J,
   * Meta's and GGUF's Llama weights). 'half' unless said.
   */
  readonly pairing?: RopePairing;
}

/**
 * x (B, T, heads·D) with the first R dimensions of each rotated head turned by the table (B or 1, T, R) of `ropeTable` -> (B, T, heads·D).
 * Throws `bad-shape`, `bad-dtype`, `bad-device`.
 */
export function rope(x: Tensor, table: Tensor, options: RopeOptions): Tensor {
  const device = oneDevice('rope', x, table);
  checkType('rope', 'x', x, 'f32');
  checkType('rope', 'a table', table, 'f32');
  const sizes = ropeSizes(x, table, options);
  const { shape } = x;
  return record({
    op: 'rope',
    output: result('rope', device, turn(device, { ...sizes, x: x.storage, table: table.storage, back: false }), shape),
    inputs: [x],
    saves: [table],
    backward: (dy, [dx], [kept]) =>
      dx.add(result('rope', device, turn(device, { ...sizes, x: dy.storage, table: kept.storage, back: true }), shape)),
  });
}

const turn = (device: Device, spec: RopeSpec): Storage => device.kernels.rope?.(spec) ?? composeRope(device, spec);

function ropeSizes(
  x: Tensor,
  table: Tensor,
  { heads, rotated = heads, pairing = 'half' }: RopeOptions,
): Omit<RopeSpec, 'x' | 'table' | 'back'> {
  const [batch = 0, length = 0, width = 0] = x.shape;
  const [tables, positions, rotary = 0] = table.shape;
  const headSize = width / heads;
  const whole = [heads, rotated, headSize].every((n) => Number.isInteger(n) && n >= 1) && rotated <= heads;
  if (x.shape.length !== 3 || !whole)
    throw new TensorError('bad-shape', 'rope', {
      wanted: `x (B, T, heads·D) with ${rotated} of ${heads} heads rotated`,
      got: showShape(x.shape),
    });
  const fits = (tables === 1 || tables === batch) && positions === length;
  if (table.shape.length !== 3 || !fits || !Number.isInteger(rotary / 2) || rotary > headSize)
    throw new TensorError('bad-shape', 'rope', {
      wanted: `a table (1 or ${batch}, ${length}, R) with an even R up to the head's ${headSize}`,
      got: showShape(table.shape),
      try: 'make it by ropeTable from these positions',
    });
  return { rows: batch * length, tableRows: tables * length, heads, rotated, headSize, rotary, pairing };
}
