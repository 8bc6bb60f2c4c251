// One adapted layer. LoRA (Hu et al. 2021, equation 3): y = Wx + s·B·A·x. DoRA (Liu et al. 2024, equation 5):
// W' = m·(W + s·B·A) / ‖W + s·B·A‖ by output row, the norm a constant for the gradient (their section 4.3).
import {
  add,
  affine,
  concat,
  div,
  dropout,
  linear,
  matmul,
  mul,
  noGrad,
  philox4x32,
  record,
  scope,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Parameter,
  type Tensor,
} from '@ingot/tensor';

/** Where training stands: masks are functions of (seed, layer, step, row). */
export interface DropoutPlace {
  readonly step: number;
  readonly firstRow: number;
}

/** A layer's own parameters; whoever holds them disposes of them and of `norms`. */
export interface LowRank {
  readonly a: Parameter; // (rank, in)
  readonly b: Parameter; // (out, rank)
  readonly magnitude: Parameter | undefined; // (out)
  readonly scale: number;
  readonly dropout: { readonly rate: number; readonly key: readonly [number, number] };
  /** The row norms of W + s·B·A (out), kept until one of the three changes. */
  norms: { readonly versions: string; readonly value: Tensor } | undefined;
}

/** W + s·B·A. (out, in) */
const moved = (weight: Tensor, { a, b, scale }: LowRank, by = 1): Tensor =>
  add(weight, affine(matmul(b, a), scale * by, 0));

/** ‖rows‖ of W + s·B·A, (out), a constant: no gradient flows into it. */
export function rowNorms(weight: Parameter, layer: LowRank): Tensor {
  const versions = [weight.name, weight.version, layer.a.version, layer.b.version].join();
  if (layer.norms?.versions !== versions) {
    const value = noGrad(() => scope(() => sqrt(sum(square(moved(weight, layer)), 1)).share()));
    layer.norms?.value.dispose();
    layer.norms = { versions, value };
  }
  return layer.norms.value;
}

/** m / ‖W + s·B·A‖: (out). Exactly 1 at the beginning. */
const gain = (weight: Parameter, layer: LowRank, magnitude: Parameter): Tensor =>
  div(magnitude, rowNorms(weight, layer));

/** Drops by row: the mask of a row depends on its place in the batch alone, not on its neighbours, nor on the padding behind it. x (rows, T, in) */
export function dropRows(x: Tensor, { rate, key }: LowRank['dropout'], place: DropoutPlace | undefined): Tensor {
  if (rate === 0 || place === undefined) return x;
  const { step, firstRow } = place;
  const one = (row: Tensor, r: number): Tensor => {
    const [first, second] = philox4x32([step, firstRow + r, 0, 0], key);
    return dropout(row, { rate, key: [first, second], counter: 0 });
  };
  const [rows = 1, ...rest] = x.shape;
  if (rows === 1) return one(x, 0);
  const begin = rest.map(() => 0);
  const run = (of: Tensor): Tensor =>
    noGrad(() =>
      scope(() =>
        concat(
          Array.from({ length: rows }, (_, r) => one(slice(of, [r, ...begin], [1, ...rest]), r)),
          0,
        ),
      ),
    );
  // Its gradient has the same mask; the gradients of the slices would each be as large as x.
  return record({ op: 'dropRows', output: run(x), inputs: [x], saves: [], backward: (dy, [dx]) => dx.add(run(dy)) });
}

/** s·A·x, rank wide: what B reads. The scale is taken here, where it costs least. */
export const narrowed = (layer: LowRank, x: Tensor, by: number): Tensor => {
  const low = linear(x, layer.a); // (…, rank)
  const factor = layer.scale * by;
  return factor === 1 ? low : affine(low, factor, 0);
};

/** What the layer reads of the model. */
export interface LayerInput {
  readonly x: Tensor;
  /** Wx + b (…, out). */
  readonly y: Tensor;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  /** How much of the adapter is applied; 1 is all. */
  readonly by: number;
  readonly place: DropoutPlace | undefined;
}

/** What the layer adds to Wx + b: (…, out). Zero at the beginning, so that the sum has the same bits. As in PEFT, DoRA with dropout reads the dropped x in both of its parts. */
export function update(layer: LowRank, { x, y, weight, bias, by, place }: LayerInput): Tensor {
  const read = dropRows(x, layer.dropout, place);
  const { magnitude } = layer;
  if (magnitude === undefined) return linear(narrowed(layer, read, by), layer.b);
  const factor = gain(weight, layer, magnitude);
  const plain = read !== x ? linear(read, weight) : bias ? sub(y, bias) : y; // Wx
  const whole = add(mul(plain, affine(factor, 1, -1)), mul(linear(narrowed(layer, read, 1), layer.b), factor));
  return by === 1 ? whole : affine(whole, by, 0);
}

/** The weight with `by` of the layer merged into it: W + by·(W' − W). (out, in) */
export function mergedWeight(weight: Tensor, base: Parameter, layer: LowRank, by: number): Tensor {
  const { magnitude } = layer;
  if (magnitude === undefined) return moved(weight, layer, by);
  const factor = gain(base, layer, magnitude).reshape([base.shape[0]!, 1]);
  return add(weight, affine(sub(mul(moved(base, layer), factor), base), by, 0));
}
