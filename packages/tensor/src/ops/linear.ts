// y = x·Wᵀ + b over the last axis, then GELU where asked. W is stored (outputs, inputs), as in PyTorch.
// dx = dy·W; dW += dyᵀ·x and db += Σ dy, in place in the gradients; a frozen weight costs no product and keeps no x.
import type { Device } from '../device.js';
import type { GeluKind } from '../kernels.js';
import { TensorError } from '../errors.js';
import { record, tracked } from '../record.js';
import { asRows, showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { checkSize, checkType, oneDevice } from './check.js';
import { gelu } from './gelu.js';

/** x (…, inputs), weight (outputs, inputs), bias (outputs) -> (…, outputs). Throws `bad-shape`. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, how: { readonly gelu?: GeluKind } = {}): Tensor {
  const device = oneDevice('linear', x, weight, bias);
  for (const one of [x, weight, ...(bias === undefined ? [] : [bias])]) checkType('linear', 'inputs', one, 'f32');
  const { rows, columns: inputs } = asRows('linear', x.shape);
  const [outputs, wide] = weight.shape;
  if (outputs === undefined || weight.shape.length !== 2 || wide !== inputs) {
    throw new TensorError('bad-shape', 'linear', {
      wanted: `a weight (outputs, ${inputs}) for x ${showShape(x.shape)}`,
      got: showShape(weight.shape),
      try: 'weights are stored (out, in), as torch’s Linear',
    });
  }
  if (bias !== undefined) checkSize('linear', 'a bias', outputs, bias.size);
  const spec = { x: x.storage, weight: weight.storage, bias: bias?.storage, rows, inputs, outputs };
  const shape = [...x.shape.slice(0, -1), outputs];
  const { linear: plain, linearGelu } = device.kernels;
  if (how.gelu !== undefined && linearGelu) {
    const { y, activated } = linearGelu(spec, how.gelu);
    const made = result('linear', device, activated, shape);
    return gelu(recorded(result('linear', device, y, shape), x, weight, bias), how.gelu, made);
  }
  const output = recorded(result('linear', device, plain?.(spec) ?? compose(device, spec), shape), x, weight, bias);
  return how.gelu === undefined ? output : gelu(output, how.gelu);
}

function recorded(output: Tensor, x: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor {
  const { device } = x;
  const { rows, columns: inputs } = asRows('linear', x.shape);
  const outputs = weight.shape[0]!;
  return record({
    op: 'linear',
    output,
    inputs: [x, weight, bias],
    saves: [tracked(weight) ? x : undefined, tracked(x) ? weight : undefined],
    backward(dy, [dx, dWeight, dBias], [keptX, keptWeight]) {
      if (dx.wanted && keptWeight !== undefined) {
        dx.fill((into) =>
          device.matmul({
            a: dy.storage,
            b: keptWeight.storage,
            batch: 1,
            m: rows,
            n: inputs,
            k: outputs,
            transposeA: false,
            transposeB: false,
            ...(into && { into }),
          }),
        );
      }
      if (dWeight.wanted && keptX !== undefined) {
        dWeight.fill((into) =>
          device.matmul({
            a: dy.storage,
            b: keptX.storage,
            batch: 1,
            m: outputs,
            n: inputs,
            k: rows,
            transposeA: true,
            transposeB: false,
            ...(into && { into }),
          }),
        );
      }
      if (dBias.wanted)
        dBias.add(result('linear', device, device.reduce('sum', dy.storage, 1, rows, outputs), [outputs]));
    },
  });
}

type Spec = Parameters<NonNullable<Device['kernels']['linear']>>[0];

function compose(device: Device, { x, weight, bias, rows, inputs, outputs }: Spec): Spec['x'] {
  const product = device.matmul({
    a: x,
    b: weight,
    batch: 1,
    m: rows,
    n: outputs,
    k: inputs,
    transposeA: false,
    transposeB: true,
  });
  if (bias === undefined) return product;
  const sum = device.binary('add', product, [rows, outputs], bias, [outputs], [rows, outputs]);
  device.free(product);
  return sum;
}
