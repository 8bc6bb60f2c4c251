// RMSNorm of the reference device: y = x · rstd · (weight + offset) over each row (Zhang and Sennrich 2019).

export interface RmsNormArrays {
  readonly x: Float32Array;
  /** Every factor is 1 where there is none. */
  readonly weight: Float32Array | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
  readonly offset: number;
}

const factorAt = (weight: Float32Array | undefined, offset: number, c: number): number =>
  weight === undefined ? 1 : weight[c]! + offset;

/** Forward, with each row's 1 / √(mean of squares + epsilon). */
export function rmsNorm({ x, weight, rows, columns, epsilon, offset }: RmsNormArrays): {
  readonly y: Float32Array;
  readonly rstd: Float32Array;
} {
  const y = new Float32Array(x.length);
  const rstds = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    const from = r * columns;
    let squares = 0;
    for (let c = 0; c < columns; c++) squares += x[from + c]! ** 2;
    const rstd = 1 / Math.sqrt(squares / columns + epsilon);
    for (let c = 0; c < columns; c++) y[from + c] = x[from + c]! * rstd * factorAt(weight, offset, c);
    rstds[r] = rstd;
  }
  return { y, rstd: rstds };
}

export interface RmsNormBackwardArrays extends RmsNormArrays {
  readonly dy: Float32Array;
  readonly rstd: Float32Array;
  readonly dWeight: Float32Array | undefined;
}

/** dx = rstd · (g − x̂ · mean(g · x̂)) with g = dy · (weight + offset); dWeight += Σ dy · x̂ over rows. */
export function rmsNormBackward(spec: RmsNormBackwardArrays): Float32Array {
  const { x, weight, dy, rows, columns, offset, dWeight } = spec;
  const dx = new Float32Array(x.length);
  const sums = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    const from = r * columns;
    const rstd = spec.rstd[r]!;
    let along = 0;
    for (let c = 0; c < columns; c++) {
      const hat = x[from + c]! * rstd;
      along += dy[from + c]! * factorAt(weight, offset, c) * hat;
      sums[c] = sums[c]! + dy[from + c]! * hat;
    }
    for (let c = 0; c < columns; c++) {
      const g = dy[from + c]! * factorAt(weight, offset, c);
      dx[from + c] = rstd * (g - (x[from + c]! * rstd * along) / columns);
    }
  }
  if (dWeight !== undefined) for (let c = 0; c < columns; c++) dWeight[c] = dWeight[c]! + sums[c]!;
  return dx;
}
