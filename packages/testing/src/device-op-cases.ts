// Every differentiable op as a case for the gradient checks of the device contract suite, odd sizes and broadcasts included.
import {
  abs,
  add,
  affine,
  broadcastTo,
  concat,
  div,
  dropout,
  embedding,
  exp,
  gelu,
  layerNorm,
  linear,
  linearCrossEntropy,
  log,
  logSigmoid,
  logSoftmax,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  pick,
  recompute,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  tensor,
  transpose,
  type Tensor,
  where,
} from '@ingot/tensor';
import { attentionOpCases } from './device-attention-cases.js';
import { ids, of, type OpCase } from './device-cases.js';
import { gatedOpCases } from './device-gated-cases.js';
import { normOpCases } from './device-norm-cases.js';
import { ropeOpCases } from './device-rope-cases.js';
import { type GradientInput, testNumbers } from './gradient-check.js';

/** Numbers whose size is at least `least`, for ops with a kink at 0 or a domain above it. */
const away = (least: number, sign: 'both' | 'positive', ...shape: number[]): GradientInput => ({
  shape,
  data: testNumbers(shape, 71).map((x) => (sign === 'positive' || x >= 0 ? 1 : -1) * (Math.abs(x) + least)),
});
type One = (x: Tensor) => Tensor;
const ones: readonly (readonly [string, One, GradientInput])[] = [
  ['neg', neg, of(7)],
  ['exp', exp, of(7)],
  ['log', log, away(0.5, 'positive', 7)],
  ['sqrt', sqrt, away(0.5, 'positive', 7)],
  ['square', square, of(7)],
  ['abs', abs, away(0.2, 'both', 7)],
  ['tanh', tanh, of(7)],
  ['sigmoid', sigmoid, of(7)],
  ['relu', relu, away(0.2, 'both', 7)],
  ['logSigmoid', logSigmoid, of(1)],
  ['logSigmoid of many', logSigmoid, of(3, 5)],
  ['affine', (x) => affine(x, -1.5, 2), of(7)],
  ['gelu erf', (x) => gelu(x, 'erf'), of(3, 5)],
  ['gelu tanh', (x) => gelu(x, 'tanh'), of(3, 5)],
  ['sum of all', (x) => sum(x), of(3, 5)],
  ['sum of axis 0', (x) => sum(x, 0), of(3, 5)],
  ['sum of axis -2, kept', (x) => sum(x, -2, { keep: true }), of(2, 3, 5)],
  ['mean of all', (x) => mean(x), of(7)],
  ['mean of axis 1', (x) => mean(x, 1), of(2, 3, 5)],
  ['max of all', (x) => max(x), of(7)],
  ['max of axis 1', (x) => max(x, 1), of(2, 3, 5)],
  ['softmax', softmax, of(3, 7)],
  ['softmax of one', softmax, of(3, 1)],
  ['logSoftmax', logSoftmax, of(3, 7)],
  ['reshape', (x) => reshape(x, [5, -1]), of(3, 5)],
  ['transpose', (x) => transpose(x, [2, 0, 1]), of(2, 3, 5)],
  ['transpose of the last two', (x) => transpose(x), of(2, 3, 5)],
  ['slice', (x) => slice(x, [1, 0, 2], [1, -1, 3]), of(2, 3, 5)],
  ['broadcastTo', (x) => broadcastTo(x, [2, 3, 5]), of(3, 1)],
  ['x + x', (x) => add(x, x), of(5)],
  ['x · x twice', (x) => mul(mul(x, x), x), of(5)],
  ['recompute', (x) => recompute([x], (y) => tanh(mul(exp(y), y))), of(5)],
];

type Two = (a: Tensor, b: Tensor) => Tensor;
const twos: readonly (readonly [string, Two])[] = [
  ['add', add],
  ['sub', sub],
  ['mul', mul],
  ['div', div],
  ['maximum', maximum],
  ['minimum', minimum],
];
const pairs = [
  [[5], [5]],
  [[3, 5], [5]],
  [
    [3, 1],
    [1, 5],
  ],
  [[], [2, 3]],
  [
    [2, 3, 5],
    [3, 1],
  ],
] as const;

const elementwise: OpCase[] = [
  ...ones.map(([name, f, input]): OpCase => ({ name, inputs: [input], run: (_, x) => f(x!) })),
  ...twos.flatMap(([name, f]) =>
    pairs.map(([a, b]): OpCase => ({
      // Far apart, so that neither a kink nor a zero divisor is near.
      name: `${name} (${a.join(', ')}) and (${b.join(', ')})`,
      inputs: [of(...a), away(name === 'div' ? 1.5 : 4.5, 'both', ...b)],
      run: (_, x, y) => f(x!, y!),
    })),
  ),
  { name: 'where', inputs: [of(3, 5), of(5)], run: (device, a, b) => where(tensor(device, [1, 0, 1], [3, 1]), a!, b!) },
  { name: 'concat', inputs: [of(2, 3), of(2, 1), of(2, 5)], run: (_, a, b, c) => concat([a!, b!, c!, a!], 1) },
  { name: 'dropout', inputs: [of(3, 7)], run: (_, x) => dropout(x!, { rate: 0.4, key: [3, 4], counter: 9 }) },
];

const flags = [false, true];
const products: OpCase[] = flags.flatMap((transposeA) =>
  flags.flatMap((transposeB) =>
    ([[], [3]] as const).flatMap((batch) =>
      flags.map((shared): OpCase => {
        const [m, k, n] = [2, 5, 3];
        const a = [...batch, ...(transposeA ? [k, m] : [m, k])];
        const b = [...(shared ? [] : batch), ...(transposeB ? [n, k] : [k, n])];
        return {
          name: `matmul (${a.join(', ')})${transposeA ? 'ᵀ' : ''} · (${b.join(', ')})${transposeB ? 'ᵀ' : ''}`,
          inputs: [of(...a), of(...b)],
          run: (_, x, y) => matmul(x!, y!, { transposeA, transposeB }),
        };
      }),
    ),
  ),
);

const layers: OpCase[] = [
  { name: 'linear', inputs: [of(2, 3, 5), of(7, 5), of(7)], run: (_, x, w, b) => linear(x!, w!, b) },
  { name: 'linear of one', inputs: [of(1, 1), of(1, 1), of(1)], run: (_, x, w, b) => linear(x!, w!, b) },
  {
    name: 'linear without bias, GELU',
    inputs: [of(3, 5), of(7, 5)],
    run: (_, x, w) => linear(x!, w!, undefined, { gelu: 'tanh' }),
  },
  { name: 'linear with one weight twice', inputs: [of(3, 5), of(5, 5)], run: (_, x, w) => linear(linear(x!, w!), w!) },
  { name: 'layerNorm', inputs: [of(2, 3, 7), of(7), of(7)], run: (_, x, w, b) => layerNorm(x!, w!, b, 1e-5) },
  { name: 'layerNorm without bias', inputs: [of(3, 11), of(11)], run: (_, x, w) => layerNorm(x!, w!, undefined, 1e-5) },
  {
    name: 'embedding, repeated ids',
    inputs: [of(5, 3)],
    run: (device, table) => embedding(table!, ids(device, [4, 0, 4, 1, 4, 0], [2, 3])),
  },
  { name: 'pick', inputs: [of(3, 5)], run: (device, x) => pick(x!, ids(device, [4, 0, 2], [3])) },
  {
    name: 'linearCrossEntropy',
    inputs: [of(3, 5), of(7, 5)],
    run: (device, x, w) => linearCrossEntropy(x!, w!, ids(device, [6, 0, 3], [3])),
  },
  {
    name: 'linearCrossEntropy, unscored rows',
    inputs: [of(4, 5), of(7, 5)],
    run: (device, x, w) => linearCrossEntropy(x!, w!, ids(device, [-1, 6, -100, 2], [4])),
  },
  {
    name: 'linearCrossEntropy, nothing scored',
    inputs: [of(2, 3), of(5, 3)],
    run: (device, x, w) => linearCrossEntropy(x!, w!, ids(device, [-1, -1], [2])),
  },
  // A tied embedding gets both gradients in one array.
  {
    name: 'tied embedding and head',
    inputs: [of(7, 5)],
    run: (device, w) => linearCrossEntropy(embedding(w!, ids(device, [1, 6, 1], [3])), w!, ids(device, [6, 1, 2], [3])),
  },
];

/** Every op with a gradient. */
export const opCases: readonly OpCase[] = [
  ...elementwise,
  ...products,
  ...layers,
  ...normOpCases,
  ...gatedOpCases,
  ...ropeOpCases,
  ...attentionOpCases,
];
