// SiLU, also called swish (Elfwing, Uchibe, Doya 2018; Hendrycks and Gimpel 2016): x·σ(x); its slope is σ(x)·(1 + x·(1 − σ(x))).
import { record } from '../record.js';
import { cheap } from '../saved.js';
import { result, type Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary } from './broadcast.js';
import { checkType } from './check.js';
import { composed } from './composed.js';
import { rawUnary } from './unary.js';

const mul = (a: Tensor, b: Tensor): Tensor => rawBinary('silu', 'mul', a, b);
const sigmoid = (x: Tensor): Tensor => rawUnary('silu', 'sigmoid', x);

function slope(x: Tensor): Tensor {
  const s = sigmoid(x);
  return mul(s, affine(mul(x, affine(s, -1, 1)), 1, 1));
}

/** SiLU, elementwise. */
export function silu(x: Tensor): Tensor {
  checkType('silu', 'x', x, 'f32');
  const { device } = x;
  const { kernels } = device;
  const fused = (of: Tensor): Tensor => result('silu', device, kernels.silu!(of.storage), of.shape);
  return record({
    op: 'silu',
    output: kernels.silu ? cheap(fused(x), [x], ([again]) => fused(again!)) : composed(() => mul(x, sigmoid(x))),
    inputs: [x],
    saves: [x],
    backward(dy, [dx], [kept]) {
      const made = kernels.siluBackward?.(kept.storage, dy.storage);
      dx.add(made === undefined ? mul(dy, slope(kept)) : result('silu', device, made, kept.shape));
    },
  });
}
