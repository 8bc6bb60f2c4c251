// One small network of attention, LayerNorm and cross-entropy against PyTorch 2.15.0 in float64: scaled_dot_product_attention(is_causal),
// layer_norm, cross_entropy(ignore_index = −100); every input is sin(a·i), i counted from 0, with the factor a given below.
import { describe, expect, test } from 'vitest';
import {
  attention,
  backward,
  div,
  gelu,
  globalNorm,
  layerNorm,
  linearCrossEntropy,
  ParameterTree,
  referenceDevice,
  scope,
  sum,
  tensor,
  withoutKernels,
} from './index.js';
import { erf } from './reference/special.js';

const factors = {
  qkv: { shape: [2, 5, 18], a: 0.7 },
  'norm.weight': { shape: [6], a: 1.1 },
  'norm.bias': { shape: [6], a: 0.3 },
  head: { shape: [7, 6], a: 0.9 },
} as const;
const wanted = {
  loss: 3.0333033087038745,
  norm: 2.626663192832571,
  // every 17th element
  qkv: [
    0, -0.041040381866360935, -0.009770861753111464, -0.011555312793502345, 0.031122833557357, -0.007708459319498141,
    0.08767762594522, 0.0003753780968377004, -7.801281542548551e-5, 0.00012394096038551554, -0.00043904544749685353,
  ],
  'norm.weight': [
    -1.276531872967345, -0.5441672910261477, 0.004773045016551907, -0.5455442649298065, -0.7711690811977034,
    -0.1525646218953302,
  ],
  'norm.bias': [
    -0.7201213871663741, -0.6586506067826645, -0.0987261784008781, 0.5359122535361575, 0.7649829762338203,
    0.4151298336324496,
  ],
  // every 5th element
  head: [
    0, -0.273672221061979, 0.1521317621595537, 0.34900201615549525, 0.04792435033924884, -0.09915093991759025, 0,
    -0.13841544886768012, -0.22274589159898958,
  ],
};

describe.each([
  ['with kernels', referenceDevice],
  ['without kernels', () => withoutKernels(referenceDevice())],
] as const)('%s', (_name, open) => {
  test('loss and gradients as PyTorch', () => {
    const device = open();
    const tree = ParameterTree.create(
      device,
      Object.entries(factors).map(([name, { shape }]) => ({ name, shape })),
    );
    for (const [name, { a }] of Object.entries(factors))
      tree.get(name).load(Float32Array.from({ length: tree.get(name).size }, (_, i) => Math.sin(a * i)));
    const loss = scope(() => {
      const y = attention(tree.get('qkv'), { heads: 2, causal: true });
      const z = layerNorm(y, tree.get('norm.weight'), tree.get('norm.bias'), 1e-5).reshape([10, 6]);
      const targets = tensor(device, [0, 1, 2, -100, 4, 5, 6, 0, -100, 3], [10], 'i32');
      const mean = div(sum(linearCrossEntropy(z, tree.get('head'), targets)), 8);
      backward(mean);
      return mean.item();
    });
    // fp32 against float64: some 1e-7 relative, a few sums of ten.
    expect(Math.abs(loss - wanted.loss)).toBeLessThan(2e-6);
    expect(Math.abs(globalNorm(tree) - wanted.norm)).toBeLessThan(2e-6);
    const near = (name: keyof typeof factors, every: number): void => {
      const got = (tree.get(name).gradient?.read() ?? new Float32Array()).filter((_, i) => i % every === 0);
      expect(got.length).toBe(wanted[name].length);
      got.forEach((x, i) => expect(Math.abs(x - (wanted[name][i] ?? NaN)), `${name} ${i}`).toBeLessThan(2e-6));
    };
    near('qkv', 17);
    near('norm.weight', 1);
    near('norm.bias', 1);
    near('head', 5);
  });

  test.each([
    [
      'erf',
      [
        -0.00404969409489031, -0.04550026389635842, -0.15865525393145702, 0, 0.841344746068543, 1.9544997361036416,
        2.99595030590511,
      ],
    ],
    [
      'tanh',
      [
        -0.0036373920817729943, -0.04540230591222494, -0.15880800939172324, 0, 0.8411919906082768, 1.954597694087775,
        2.996362607918227,
      ],
    ],
  ] as const)('GELU %s as PyTorch', (kind, values) => {
    const y = gelu(tensor(open(), [-3, -2, -1, 0, 1, 2, 3], [7]), kind).read();
    values.forEach((x, i) => expect(Math.abs((y[i] ?? NaN) - x)).toBeLessThan(2e-7));
  });
});

test('erf to fifteen digits', () => {
  const values = [
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
    [5, 0.9999999999984626],
  ] as const;
  for (const [x, wantedErf] of values) {
    expect(Math.abs(erf(x) - wantedErf)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  }
  expect([erf(0), erf(Infinity), erf(NaN)]).toEqual([0, 1, NaN]);
});
