// The numbers of a gradient table, by hand: norms, ratios, blocks by name, frozen and untouched parameters, zeros.
import { backward, mul, ParameterTree, referenceDevice, sum, tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { blockOf, gradientTable, groupByBlock, lookAtStep } from './gradient-table.js';
import { sgd } from './optimisers.js';

test.each([
  ['blocks.3.attention.qkv.weight', 'blocks.3'],
  ['blocks.12.norm1.bias', 'blocks.12'],
  ['wte.weight', 'wte'],
  ['norm.bias', 'norm'],
  ['adapter.blocks.3.mlp.up.A', 'adapter.blocks.3'],
  ['scale', 'scale'],
])('%s lies in %s', (name, block) => expect(blockOf(name)).toBe(block));

/** Loss Σ x·w, so that the gradient of w is x. */
const world = () => {
  const device = referenceDevice();
  const tree = ParameterTree.create(device, [
    { name: 'blocks.0.a', shape: [2] },
    { name: 'blocks.0.b', shape: [2] },
    { name: 'head.weight', shape: [1] },
    { name: 'frozen.weight', shape: [1] },
  ]);
  tree.get('blocks.0.a').load(Float32Array.of(6, 8));
  tree.get('head.weight').load(Float32Array.of(2));
  tree.get('frozen.weight').trainable = false;
  for (const [name, x] of [
    ['blocks.0.a', [3, 4]],
    ['blocks.0.b', [0, 12]],
  ] as const)
    backward(sum(mul(tree.get(name), tensor(device, [...x], [2]))));
  return tree;
};

test('norms of gradients and weights, of what learns', () => {
  expect(gradientTable(world())).toEqual([
    { block: 'blocks.0', parameter: 'blocks.0.a', size: 2, gradientNorm: 5, weightNorm: 10 },
    { block: 'blocks.0', parameter: 'blocks.0.b', size: 2, gradientNorm: 12, weightNorm: 0 },
    { block: 'head', parameter: 'head.weight', size: 1, gradientNorm: 0, weightNorm: 2 },
  ]);
});

test('blocks put their parameters together', () => {
  expect(groupByBlock(gradientTable(world()))).toEqual([
    { block: 'blocks.0', parameter: '2 parameters', size: 4, gradientNorm: 13, weightNorm: 10 },
    { block: 'head', parameter: 'head.weight', size: 1, gradientNorm: 0, weightNorm: 2 },
  ]);
});

test('a look at a step: the update beside the weight, also of a weight of zeros', () => {
  const tree = world();
  const after = lookAtStep(7)(tree);
  sgd({ lr: 0.5 }).start(tree).step(1, 1);
  const [parameters, blocks] = after();
  expect(parameters).toMatchObject({ type: 'table', title: 'Gradients at step 7' });
  const ratios = (event: typeof parameters) =>
    event?.type === 'table' ? event.rows.map((row) => row['update / weight']) : [];
  // lr·5/10; lr·12/0; nothing moved
  expect(ratios(parameters)).toEqual([0.25, Infinity, 0]);
  // √(2.5² + 6²) = 6.5, over 10 in the block and over √(10² + 2²) in all
  expect(ratios(blocks)).toEqual([0.65, 0, expect.closeTo(6.5 / Math.sqrt(104), 12)]);
});
