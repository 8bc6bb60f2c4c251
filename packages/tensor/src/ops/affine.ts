// scale · x + shift with two numbers.
import { record } from '../record.js';
import { result, type Tensor } from '../tensor.js';
import { checkType } from './check.js';

/** scale · x + shift. */
export function affine(x: Tensor, scale: number, shift: number): Tensor {
  checkType('affine', 'x', x, 'f32');
  return record({
    op: 'affine',
    output: result('affine', x.device, x.device.affine(x.storage, scale, shift), x.shape),
    inputs: [x],
    saves: [],
    backward: (dy, [dx]) => dx.add(affine(dy, scale, 0)),
  });
}
