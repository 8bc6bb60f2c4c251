// Elementwise maximum and minimum with broadcasting; equal elements share the gradient in halves, as in PyTorch.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { binaryOp, rawBinary } from './broadcast.js';

/** 1 where a > b, ½ where equal, 0 elsewhere. */
function wins(op: string, a: Tensor, b: Tensor): Tensor {
  return rawBinary(op, 'add', rawBinary(op, 'greater', a, b), affine(rawBinary(op, 'equal', a, b), 0.5, 0));
}

/** The larger of a and b, elementwise. Throws `bad-shape`. */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return binaryOp('maximum', 'max', a, b, {
    needs: { first: ['a', 'b'], second: ['a', 'b'] },
    first: (dy, x, y) => rawBinary('maximum', 'mul', dy, wins('maximum', x ?? dy, y ?? dy)),
    second: (dy, x, y) => rawBinary('maximum', 'mul', dy, wins('maximum', y ?? dy, x ?? dy)),
  });
}

/** The smaller of a and b, elementwise. Throws `bad-shape`. */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return binaryOp('minimum', 'min', a, b, {
    needs: { first: ['a', 'b'], second: ['a', 'b'] },
    first: (dy, x, y) => rawBinary('minimum', 'mul', dy, wins('minimum', y ?? dy, x ?? dy)),
    second: (dy, x, y) => rawBinary('minimum', 'mul', dy, wins('minimum', x ?? dy, y ?? dy)),
  });
}
