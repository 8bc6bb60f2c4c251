// RMSNorm over the last axis (Zhang and Sennrich 2019, equation 4): y = x/√(mean(x²) + ε) · (weight + offset).
// Saves x with each row's 1/√(…); with x̂ = x·rstd and g = dy·(weight + offset): dx = rstd·(g − x̂·mean(g·x̂)).
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

export interface RmsNormOptions {
  /** What is added to the weight: 1 for Gemma, whose weights are stored as their difference from 1; 0 unless said. */
  readonly offset?: 0 | 1;
}
interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
  readonly offset: 0 | 1;
}

const op = 'rmsNorm';
const mul = (a: Tensor, b: Tensor): Tensor => rawBinary(op, 'mul', a, b);

/** x (…, C), weight (C), or none where every factor is 1 -> (…, C). Throws `bad-shape`, `bad-dtype`. */
export function rmsNorm(
  x: Tensor,
  weight: Tensor | undefined,
  epsilon: number,
  { offset = 0 }: RmsNormOptions = {},
): Tensor {
  const device = oneDevice(op, x, weight);
  for (const one of [x, ...(weight === undefined ? [] : [weight])]) checkType(op, 'inputs', one, 'f32');
  const { rows, columns } = asRows(op, x.shape);
  if (weight !== undefined) checkSize(op, 'a weight', columns, weight.size);
  const sizes = { rows, columns, epsilon, offset };
  const { y, rstd } = forward(device, x, weight, sizes);
  const wanted = tracked(x) || tracked(weight);
  const output = record({
    op,
    output: device.kernels.rmsNorm ? cheap(y, [x, weight], ([again, w]) => normed(device, again!, w, sizes)) : y,
    inputs: [x, weight],
    saves: [wanted ? x : undefined, tracked(x) ? weight : undefined, wanted ? rstd : undefined],
    backward(dy, [dx, dWeight], [keptX, keptWeight, keptRstd]) {
      if (keptX === undefined || keptRstd === undefined) return;
      const kernel = device.kernels.rmsNormBackward;
      if (kernel === undefined || !dx.wanted) {
        const flat = dy.reshape([rows, columns]);
        const hat = mul(keptX.reshape([rows, columns]), keptRstd);
        if (dx.wanted) dx.add(composeBackward(flat, hat, keptWeight, keptRstd, sizes));
        if (dWeight.wanted) dWeight.add(sumTo(mul(flat, hat), [columns]));
        return;
      }
      const made = kernel({
        x: keptX.storage,
        weight: keptWeight?.storage,
        ...sizes,
        dy: dy.storage,
        rstd: keptRstd.storage,
        dWeight: dWeight.inPlace(),
      });
      dx.add(result(op, device, made, keptX.shape));
    },
  });
  // The tape holds it where it is needed.
  rstd.dispose();
  return output;
}

/** As the forward pass, for what needs y alone. */
function normed(...given: Parameters<typeof forward>): Tensor {
  const { y, rstd } = forward(...given);
  rstd.dispose();
  return y;
}

/** weight + offset, (C). */
const factors = (weight: Tensor, { columns, offset }: Sizes): Tensor =>
  offset === 0 ? weight.reshape([columns]) : affine(weight.reshape([columns]), 1, offset);

function forward(
  device: Device,
  x: Tensor,
  weight: Tensor | undefined,
  sizes: Sizes,
): { readonly y: Tensor; readonly rstd: Tensor } {
  const { rows, columns, epsilon } = sizes;
  const made = device.kernels.rmsNorm?.({ x: x.storage, weight: weight?.storage, ...sizes });
  if (made !== undefined)
    return { y: result(op, device, made.y, x.shape), rstd: result(op, device, made.rstd, [rows, 1]) };
  return composed(() => {
    const flat = x.reshape([rows, columns]);
    const meanSquare = meanOf(rawUnary(op, 'square', flat), -1, { keep: true });
    const rstd = rawUnary(op, 'rsqrt', affine(meanSquare, 1, epsilon));
    const hat = mul(flat, rstd);
    const y = weight === undefined ? hat : mul(hat, factors(weight, sizes));
    return { y: y.reshape(x.shape), rstd };
  });
}

function composeBackward(dy: Tensor, hat: Tensor, weight: Tensor | undefined, rstd: Tensor, sizes: Sizes): Tensor {
  const g = weight === undefined ? dy : mul(dy, factors(weight, sizes));
  const along = meanOf(mul(g, hat), -1, { keep: true });
  return mul(rawBinary(op, 'sub', g, mul(hat, along)), rstd);
}
