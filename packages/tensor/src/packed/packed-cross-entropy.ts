// Cross-entropy of a packed linear head: the composition of linear cross-entropy, which reads the head in blocks of the vocabulary anyway.
import type { Device } from '../device.js';
import { TensorError } from '../errors.js';
import { checkIds, checkSize, checkType, oneDevice } from '../ops/check.js';
import { composeBackward, composeForward, type WeightBlocks } from '../ops/linear-cross-entropy-blocks.js';
import { record, tracked } from '../record.js';
import { showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { type PackedMatrix, rowsAtOnce, uploadRows } from './packed-matrix.js';

/** The blocks of a packed head as its weights, scaled. */
function blocksOf(device: Device, matrix: PackedMatrix): WeightBlocks {
  const { columns, scales } = matrix;
  return {
    most: rowsAtOnce(matrix),
    block(from, size, keep) {
      const rows = keep(uploadRows(device, matrix, from, size));
      if (scales === undefined) return rows;
      const factors = keep(device.upload(scales.subarray(from, from + size)));
      return keep(device.binary('mul', rows, [size, columns], factors, [size, 1], [size, columns]));
    },
  };
}

/** x (N, C), head (V, C), targets i32 (N), negative = unscored -> loss (N). A gradient flows to x. Throws `bad-shape`, and `bad-index` for a target of V or more. */
export function packedCrossEntropy(x: Tensor, head: PackedMatrix, targets: Tensor): Tensor {
  const device = oneDevice('packedCrossEntropy', x, targets);
  checkType('packedCrossEntropy', 'x', x, 'f32');
  const [rows, inputs] = x.shape;
  if (rows === undefined || x.shape.length !== 2 || inputs !== head.columns)
    throw new TensorError('bad-shape', 'packedCrossEntropy', {
      wanted: `x (N, ${head.columns}) for a packed head (${head.rows}, ${head.columns})`,
      got: showShape(x.shape),
    });
  checkSize('packedCrossEntropy', 'targets', rows, targets.size);
  checkIds('packedCrossEntropy', targets, -0x80000000, head.rows);
  const sizes = { rows, inputs, outputs: head.rows };
  const weight = blocksOf(device, head);
  const made = composeForward(device, { x: x.storage, weight, targets: targets.storage, ...sizes });
  const total = result('packedCrossEntropy', device, made.logSumExp, [rows]);
  const wanted = tracked(x);
  const output = record({
    op: 'packedCrossEntropy',
    output: result('packedCrossEntropy', device, made.loss, [rows]),
    inputs: [x],
    saves: [wanted ? x : undefined, targets, wanted ? total : undefined],
    backward(dy, [dx], [keptX, keptTargets, logSumExp]) {
      if (keptX === undefined || logSumExp === undefined) return;
      const back = {
        x: keptX.storage,
        weight,
        targets: keptTargets.storage,
        ...sizes,
        logSumExp: logSumExp.storage,
        dLoss: dy.storage,
        dWeight: undefined,
      };
      dx.add(result('packedCrossEntropy', device, composeBackward(device, back), [rows, inputs]));
    },
  });
  // The tape holds it where it is needed.
  total.dispose();
  return output;
}
