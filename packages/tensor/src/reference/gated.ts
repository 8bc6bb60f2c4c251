// Gated linear units of the reference device (Shazeer 2020): activation(gate)·up over rows that hold the gate, then up; and SiLU alone.
import type { GatedKind } from '../kernels.js';
import { unaries } from './elementwise.js';
import { type Activation, gelus } from './special.js';

/** SiLU, x·σ(x), with its derivative. */
export const silu: Activation = {
  value: (x) => x * unaries.sigmoid(x),
  slope(x) {
    const s = unaries.sigmoid(x);
    return s * (1 + x * (1 - s));
  },
};

const activations = {
  silu,
  'gelu-erf': gelus.erf,
  'gelu-tanh': gelus.tanh,
  relu: { value: unaries.relu, slope: (x) => (x > 0 ? 1 : 0) },
} as const satisfies Record<GatedKind, Activation>;

export interface GatedArrays {
  /** (rows, 2·columns) */
  readonly x: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly kind: GatedKind;
}

/** Forward, (rows, columns). */
export function gated({ x, rows, columns, kind }: GatedArrays): Float32Array {
  const { value }: Activation = activations[kind];
  const y = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const gate = 2 * r * columns;
    for (let c = 0; c < columns; c++) y[r * columns + c] = value(x[gate + c]!) * x[gate + columns + c]!;
  }
  return y;
}

/** dx (rows, 2·columns): dy·up·slope(gate), then dy·activation(gate). */
export function gatedBackward({
  x,
  rows,
  columns,
  kind,
  dy,
}: GatedArrays & { readonly dy: Float32Array }): Float32Array {
  const { value, slope }: Activation = activations[kind];
  const dx = new Float32Array(x.length);
  for (let r = 0; r < rows; r++) {
    const gate = 2 * r * columns;
    for (let c = 0; c < columns; c++) {
      const upstream = dy[r * columns + c]!;
      dx[gate + c] = upstream * x[gate + columns + c]! * slope(x[gate + c]!);
      dx[gate + columns + c] = upstream * value(x[gate + c]!);
    }
  }
  return dx;
}
