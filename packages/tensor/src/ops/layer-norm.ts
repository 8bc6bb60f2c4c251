// LayerNorm over the last axis (Ba, Kiros, Hinton 2016): y = (x − mean)/√(variance + ε) · weight + bias.
// Saves x with each row's mean and 1/√(…); dx = rstd·(g − mean(g) − x̂·mean(g·x̂)) with g = dy·weight.
import type { Device } from '../device.js';
import { record, tracked } from '../record.js';
import { cheap } from '../saved.js';
import { asRows } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary, sumTo } from './broadcast.js';
import { checkSize, checkType, oneDevice } from './check.js';
import { composed } from './composed.js';
import { mean as meanOf } from './mean.js';
import { rawUnary } from './unary.js';

interface Normed {
  readonly y: Tensor;
  /** (rows, 1) each. */
  readonly mean: Tensor;
  readonly rstd: Tensor;
}

/** x (…, C), weight (C), bias (C) or none -> (…, C). Throws `bad-shape`. */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor | undefined, epsilon: number): Tensor {
  const device = oneDevice('layerNorm', x, weight, bias);
  for (const one of [x, weight, ...(bias === undefined ? [] : [bias])]) checkType('layerNorm', 'inputs', one, 'f32');
  const { rows, columns } = asRows('layerNorm', x.shape);
  checkSize('layerNorm', 'a weight', columns, weight.size);
  if (bias !== undefined) checkSize('layerNorm', 'a bias', columns, bias.size);
  const sizes = { rows, columns, epsilon };
  const { y, mean, rstd } = forward(device, x, weight, bias, sizes);
  const wanted = tracked(x) || tracked(weight);
  const output = record({
    op: 'layerNorm',
    output: device.kernels.layerNorm
      ? cheap(y, [x, weight, bias], ([again, w, b]) => normed(device, again!, w!, b, sizes))
      : y,
    inputs: [x, weight, bias],
    saves: [wanted ? x : undefined, wanted ? weight : undefined, wanted ? mean : undefined, wanted ? rstd : undefined],
    backward(dy, [dx, dWeight, dBias], [keptX, keptWeight, keptMean, keptRstd]) {
      if (keptX === undefined || keptWeight === undefined || keptMean === undefined || keptRstd === undefined) {
        if (dBias.wanted) dBias.add(sumTo(dy.reshape([rows, columns]), [columns]));
        return;
      }
      const kernel = device.kernels.layerNormBackward;
      if (kernel === undefined) {
        const made = composeBackward(
          dy.reshape([rows, columns]),
          keptX.reshape([rows, columns]),
          keptWeight,
          keptMean,
          keptRstd,
        );
        if (dx.wanted) dx.add(made.dx());
        if (dWeight.wanted) dWeight.add(made.dWeight());
        if (dBias.wanted) dBias.add(made.dBias());
        return;
      }
      const made = kernel({
        x: keptX.storage,
        weight: keptWeight.storage,
        bias: undefined,
        ...sizes,
        dy: dy.storage,
        mean: keptMean.storage,
        rstd: keptRstd.storage,
        dWeight: dWeight.inPlace(),
        dBias: dBias.inPlace(),
      });
      dx.add(result('layerNorm', device, made, keptX.shape));
    },
  });
  // The tape holds what it needs of them.
  mean.dispose();
  rstd.dispose();
  return output;
}

/** As the forward pass, for what needs y alone. */
function normed(...given: Parameters<typeof forward>): Tensor {
  const { y, mean, rstd } = forward(...given);
  mean.dispose();
  rstd.dispose();
  return y;
}

function forward(
  device: Device,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  sizes: { readonly rows: number; readonly columns: number; readonly epsilon: number },
): Normed {
  const { rows, columns, epsilon } = sizes;
  const made = device.kernels.layerNorm?.({ x: x.storage, weight: weight.storage, bias: bias?.storage, ...sizes });
  if (made !== undefined) {
    return {
      y: result('layerNorm', device, made.y, x.shape),
      mean: result('layerNorm', device, made.mean, [rows, 1]),
      rstd: result('layerNorm', device, made.rstd, [rows, 1]),
    };
  }
  return composed(() => {
    const flat = x.reshape([rows, columns]);
    const mean = meanOf(flat, -1, { keep: true });
    const centred = rawBinary('layerNorm', 'sub', flat, mean);
    const rstd = rawUnary(
      'layerNorm',
      'rsqrt',
      affine(meanOf(rawUnary('layerNorm', 'square', centred), -1, { keep: true }), 1, epsilon),
    );
    const scaled = rawBinary(
      'layerNorm',
      'mul',
      rawBinary('layerNorm', 'mul', centred, rstd),
      weight.reshape([columns]),
    );
    const y = bias === undefined ? scaled : rawBinary('layerNorm', 'add', scaled, bias.reshape([columns]));
    return { y: y.reshape(x.shape), mean, rstd };
  });
}

function composeBackward(
  dy: Tensor,
  x: Tensor,
  weight: Tensor,
  mean: Tensor,
  rstd: Tensor,
): Record<'dx' | 'dWeight' | 'dBias', () => Tensor> {
  const op = 'layerNorm';
  const columns = [weight.size];
  const hat = rawBinary(op, 'mul', rawBinary(op, 'sub', x, mean), rstd);
  return {
    dx() {
      const g = rawBinary(op, 'mul', dy, weight.reshape(columns));
      const along = meanOf(rawBinary(op, 'mul', g, hat), -1, { keep: true });
      const rest = rawBinary(
        op,
        'sub',
        rawBinary(op, 'sub', g, meanOf(g, -1, { keep: true })),
        rawBinary(op, 'mul', hat, along),
      );
      return rawBinary(op, 'mul', rest, rstd);
    },
    dWeight: () => sumTo(rawBinary(op, 'mul', dy, hat), columns),
    dBias: () => sumTo(dy, columns),
  };
}
