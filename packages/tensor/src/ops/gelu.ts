// GELU (Hendrycks and Gimpel 2016): x·Φ(x), exact by erf, or by the tanh approximation ½x(1 + tanh(√(2/π)(x + 0.044715x³))).
import type { GeluKind } from '../kernels.js';
import { record } from '../record.js';
import { cheap } from '../saved.js';
import { result, type Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary } from './broadcast.js';
import { checkType } from './check.js';
import { composed } from './composed.js';
import { rawUnary } from './unary.js';

interface Composition {
  value(x: Tensor): Tensor;
  slope(x: Tensor): Tensor;
}

const mul = (a: Tensor, b: Tensor): Tensor => rawBinary('gelu', 'mul', a, b);
const add = (a: Tensor, b: Tensor): Tensor => rawBinary('gelu', 'add', a, b);
const square = (x: Tensor): Tensor => rawUnary('gelu', 'square', x);
const ROOT = Math.sqrt(2 / Math.PI);

/** Φ(x) = ½(1 + erf(x/√2)). */
const cumulative = (x: Tensor): Tensor => affine(rawUnary('gelu', 'erf', affine(x, Math.SQRT1_2, 0)), 0.5, 0.5);
/** tanh(√(2/π)(x + 0.044715x³)) */
const bend = (x: Tensor): Tensor => rawUnary('gelu', 'tanh', mul(x, affine(square(x), ROOT * 0.044715, ROOT)));

const compositions = {
  erf: {
    value: (x) => mul(x, cumulative(x)),
    // Φ(x) + x·φ(x)
    slope: (x) =>
      add(
        cumulative(x),
        mul(x, affine(rawUnary('gelu', 'exp', affine(square(x), -0.5, 0)), 1 / Math.sqrt(2 * Math.PI), 0)),
      ),
  },
  tanh: {
    value: (x) => mul(x, affine(bend(x), 0.5, 0.5)),
    // ½(1 + t) + ½x(1 − t²)·√(2/π)(1 + 3·0.044715x²)
    slope(x) {
      const t = bend(x);
      const inner = mul(affine(square(t), -1, 1), affine(square(x), ROOT * 3 * 0.044715, ROOT));
      return add(affine(t, 0.5, 0.5), mul(affine(x, 0.5, 0), inner));
    },
  },
} as const satisfies Record<GeluKind, Composition>;

/** GELU, elementwise, of the kind asked for; `ready` is its output where a fused kernel made it already. */
export function gelu(x: Tensor, kind: GeluKind, ready?: Tensor): Tensor {
  checkType('gelu', 'x', x, 'f32');
  const { device } = x;
  const { kernels } = device;
  const fused = (of: Tensor): Tensor => result('gelu', device, kernels.gelu!(of.storage, kind), of.shape);
  return record({
    op: 'gelu',
    output: kernels.gelu
      ? cheap(ready ?? fused(x), [x], ([again]) => fused(again!))
      : composed(() => compositions[kind].value(x)),
    inputs: [x],
    saves: [x],
    backward(dy, [dx], [kept]) {
      const made = kernels.geluBackward?.(kept.storage, dy.storage, kind);
      dx.add(made === undefined ? mul(dy, compositions[kind].slope(kept)) : result('gelu', device, made, kept.shape));
    },
  });
}
