// y = (x·Qᵀ)∘s + b for a packed matrix W = s∘Q, a block of rows of Q at a time: beyond the packed bytes, memory holds one block.
// dx = (dy∘s)·Q, unpacked once more; W itself has no gradient, so x is not kept.
// The scale of a row is a factor of its output (vector-wise quantisation, Dettmers et al. 2022, arXiv:2208.07339, section 3.1), so that unpacking is only a conversion.
import type { Device, Storage } from '../device.js';
import { TensorError } from '../errors.js';
import type { GeluKind } from '../kernels.js';
import { checkSize, checkType, oneDevice } from '../ops/check.js';
import { gelu } from '../ops/gelu.js';
import { record } from '../record.js';
import { asRows, showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { eachBlock, type PackedMatrix } from './packed-matrix.js';

/** x (…, inputs), matrix (outputs, inputs), bias (outputs) -> (…, outputs). A gradient flows to x and to the bias. Throws `bad-shape`. */
export function packedLinear(
  x: Tensor,
  matrix: PackedMatrix,
  bias?: Tensor,
  how: { readonly gelu?: GeluKind } = {},
): Tensor {
  const device = oneDevice('packedLinear', x, bias);
  checkType('packedLinear', 'x', x, 'f32');
  const { rows, columns } = asRows('packedLinear', x.shape);
  const { rows: outputs, columns: inputs } = matrix;
  if (columns !== inputs)
    throw new TensorError('bad-shape', 'packedLinear', {
      wanted: `x (…, ${inputs}) for a packed weight (${outputs}, ${inputs})`,
      got: showShape(x.shape),
    });
  if (bias !== undefined) checkSize('packedLinear', 'a bias', outputs, bias.size);
  const product = forward(device, x.storage, rows, matrix);
  const made = bias === undefined ? product : replaced(device, product, 'add', bias.storage, rows, outputs);
  const output = record({
    op: 'packedLinear',
    output: result('packedLinear', device, made, [...x.shape.slice(0, -1), outputs]),
    inputs: [x, bias],
    saves: [],
    backward(dy, [dx, dBias]) {
      if (dx.wanted) dx.fill((into) => backward(device, dy.storage, rows, matrix, into));
      if (dBias.wanted)
        dBias.add(result('packedLinear', device, device.reduce('sum', dy.storage, 1, rows, outputs), [outputs]));
    },
  });
  return how.gelu === undefined ? output : gelu(output, how.gelu);
}

/** x (rows, columns) op y (columns), in place of x. */
function replaced(device: Device, x: Storage, name: 'add' | 'mul', y: Storage, rows: number, columns: number): Storage {
  const made = device.binary(name, x, [rows, columns], y, [columns], [rows, columns]);
  device.free(x);
  return made;
}

/** Columns of outputs times the scales of their rows of W: what it is given is freed. */
function scaled(device: Device, y: Storage, rows: number, { rows: outputs, scales }: PackedMatrix): Storage {
  if (scales === undefined) return y;
  const factors = device.upload(scales);
  const made = replaced(device, y, 'mul', factors, rows, outputs);
  device.free(factors);
  return made;
}

/** (rows, inputs) -> (rows, outputs) */
function forward(device: Device, x: Storage, rows: number, matrix: PackedMatrix): Storage {
  const parts: Storage[] = [];
  const shapes: number[][] = [];
  eachBlock(device, matrix, (block, _, count) => {
    shapes.push([rows, count]);
    parts.push(
      device.matmul({
        a: x,
        b: block,
        batch: 1,
        m: rows,
        n: count,
        k: matrix.columns,
        transposeA: false,
        transposeB: true,
      }),
    );
  });
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return scaled(device, only, rows, matrix);
  const whole = device.concat(parts, shapes, 1);
  for (const part of parts) device.free(part);
  return scaled(device, whole, rows, matrix);
}

/** (rows, outputs) -> (rows, inputs), added to `into` where there is one. */
function backward(device: Device, dy: Storage, rows: number, matrix: PackedMatrix, into: Storage | undefined): Storage {
  const { rows: outputs, columns: inputs, scales } = matrix;
  const factors = scales && device.upload(scales);
  const dq = factors ? device.binary('mul', dy, [rows, outputs], factors, [outputs], [rows, outputs]) : dy;
  const dx = into ?? device.zeros('f32', rows * inputs);
  eachBlock(device, matrix, (block, first, count) => {
    const columns = count === outputs ? dq : device.slice(dq, [rows, outputs], [0, first], [rows, count]);
    device.matmul({
      a: columns,
      b: block,
      batch: 1,
      m: rows,
      n: inputs,
      k: count,
      transposeA: false,
      transposeB: false,
      into: dx,
    });
    if (columns !== dq) device.free(columns);
  });
  if (factors) {
    device.free(factors);
    device.free(dq);
  }
  return dx;
}
