// Cross-entropy of a linear head without the full logits: −log softmax(x·Wᵀ)[target] per row; rows with target < 0 cost nothing, give 0.
// dx = Σ_v g_v·W_v and dW_v += g_v·x with g = dLoss·(softmax − one-hot), from logits that are computed again.
import { TensorError } from '../errors.js';
import { record, tracked } from '../record.js';
import { showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { checkIds, checkSize, checkType, oneDevice } from './check.js';
import { composeBackward, composeForward } from './linear-cross-entropy-blocks.js';

/** x (N, C), weight (V, C), targets i32 (N), negative = unscored -> loss (N). Throws `bad-shape`, and `bad-index` for a target of V or more. */
export function linearCrossEntropy(x: Tensor, weight: Tensor, targets: Tensor): Tensor {
  const device = oneDevice('linearCrossEntropy', x, weight, targets);
  checkType('linearCrossEntropy', 'x', x, 'f32');
  checkType('linearCrossEntropy', 'weight', weight, 'f32');
  const [rows, inputs] = x.shape;
  const [outputs, wide] = weight.shape;
  if (
    rows === undefined ||
    inputs === undefined ||
    x.shape.length !== 2 ||
    outputs === undefined ||
    weight.shape.length !== 2 ||
    wide !== inputs
  ) {
    throw new TensorError('bad-shape', 'linearCrossEntropy', {
      wanted: 'x (N, C) and a weight (V, C)',
      got: `${showShape(x.shape)} and ${showShape(weight.shape)}`,
    });
  }
  checkSize('linearCrossEntropy', 'targets', rows, targets.size);
  checkIds('linearCrossEntropy', targets, -0x80000000, outputs);
  const sizes = { rows, inputs, outputs };
  const spec = { x: x.storage, weight: weight.storage, targets: targets.storage, ...sizes };
  const made = device.kernels.linearCrossEntropy?.(spec) ?? composeForward(device, spec);
  const total = result('linearCrossEntropy', device, made.logSumExp, [rows]);
  const wanted = tracked(x) || tracked(weight);
  const output = record({
    op: 'linearCrossEntropy',
    output: result('linearCrossEntropy', device, made.loss, [rows]),
    inputs: [x, weight],
    saves: [wanted ? x : undefined, wanted ? weight : undefined, targets, wanted ? total : undefined],
    backward(dy, [dx, dWeight], [keptX, keptWeight, keptTargets, logSumExp]) {
      if (keptX === undefined || keptWeight === undefined || logSumExp === undefined) return;
      const back = {
        x: keptX.storage,
        weight: keptWeight.storage,
        targets: keptTargets.storage,
        ...sizes,
        logSumExp: logSumExp.storage,
        dLoss: dy.storage,
        dWeight: dWeight.inPlace(),
      };
      const gradient = device.kernels.linearCrossEntropyBackward?.(back) ?? composeBackward(device, back);
      dx.add(result('linearCrossEntropy', device, gradient, [rows, inputs]));
    },
  });
  // The tape holds it where it is needed.
  total.dispose();
  return output;
}
