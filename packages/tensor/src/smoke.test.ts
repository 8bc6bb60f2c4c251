import { expect, test } from 'vitest';
import { adamwStep, backward, linear, mean, OptimiserState, ParameterTree, referenceDevice, scope, square, sub, tensor } from './index.js';
test('smoke', () => {
  const device = referenceDevice();
  const tree = ParameterTree.create(device, [{ name: 'a.weight', shape: [1, 2] }, { name: 'a.bias', shape: [1] }]);
  const state = new OptimiserState();
  let last = 0;
  for (let i = 0; i < 500; i++) {
    last = scope(() => {
      const x = tensor(device, [1, 2, 3, 4, 5, 7], [3, 2]);
      const y = tensor(device, [8, 18, 29 ], [3, 1]);
      const loss = mean(square(sub(linear(x, tree.get('a.weight'), tree.get('a.bias')), y)));
      backward(loss);
      return loss.item();
    });
    adamwStep(tree, state, { lr: 0.1, weightDecay: 0 });
    tree.zeroGradients();
  }
  console.log(last, tree.get('a.weight').read(), device.memory());
  expect(last).toBeLessThan(0.01);
});
