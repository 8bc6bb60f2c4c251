// Gated linear units (Shazeer 2020, "GLU variants improve transformer", equations 5 and 6) over a packed product: activation(gate)·up.
// 'silu' is SwiGLU (Llama), 'gelu-erf' and 'gelu-tanh' GeGLU (Gemma), 'relu' ReGLU. Saves x; dgate = dy·up·activation′(gate), dup = dy·activation(gate).
import type { GatedKind } from '../kernels.js';
import { TensorError } from '../errors.js';
import { record } from '../record.js';
import { cheap } from '../saved.js';
import { scope } from '../scope.js';
import { asRows, showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { checkType } from './check.js';
import { gelu } from './gelu.js';
import { mul } from './mul.js';
import { relu } from './relu.js';
import { silu } from './silu.js';
import { slice } from './slice.js';

const activations = {
  silu,
  'gelu-erf': (x) => gelu(x, 'erf'),
  'gelu-tanh': (x) => gelu(x, 'tanh'),
  relu,
} as const satisfies Record<GatedKind, (x: Tensor) => Tensor>;

/** x (…, 2F), the gate's F columns before the up projection's -> activation(gate)·up (…, F). Throws `bad-shape` for an odd last axis. */
export function gated(x: Tensor, kind: GatedKind): Tensor {
  checkType('gated', 'x', x, 'f32');
  const { rows, columns: packed } = asRows('gated', x.shape);
  const columns = packed / 2;
  if (!Number.isInteger(columns))
    throw new TensorError('bad-shape', 'gated', {
      wanted: 'an even last axis: the gate, then as many of the up projection',
      got: showShape(x.shape),
    });
  const { device } = x;
  const { gated: kernel, gatedBackward } = device.kernels;
  const shape = [...x.shape.slice(0, -1), columns];
  if (kernel === undefined || gatedBackward === undefined) {
    return scope(() => {
      const flat = x.reshape([rows, packed]);
      const part = (from: number): Tensor => slice(flat, [0, from], [rows, columns]);
      return mul(activations[kind](part(0)), part(columns)).reshape(shape);
    });
  }
  const sizes = { rows, columns, kind };
  const fused = (of: Tensor): Tensor => result('gated', device, kernel({ ...sizes, x: of.storage }), shape);
  return record({
    op: 'gated',
    output: cheap(fused(x), [x], ([again]) => fused(again!)),
    inputs: [x],
    saves: [x],
    backward: (dy, [dx], [kept]) =>
      dx.add(result('gated', device, gatedBackward({ ...sizes, x: kept.storage, dy: dy.storage }), kept.shape)),
  });
}
