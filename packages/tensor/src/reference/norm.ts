// LayerNorm of the reference device: y = (x − mean) · rstd · weight + bias over each row (Ba, Kiros, Hinton 2016).

export interface Normed {
  readonly y: Float32Array;
  readonly mean: Float32Array;
  readonly rstd: Float32Array;
}

/** Forward, with each row's mean and 1 / √(variance + epsilon), the biased variance. */
export function layerNorm(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  rows: number,
  columns: number,
  epsilon: number,
): Normed {
  const y = new Float32Array(x.length);
  const means = new Float32Array(rows);
  const rstds = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    const from = r * columns;
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += x[from + c]!;
    const mean = sum / columns;
    let squares = 0;
    for (let c = 0; c < columns; c++) squares += (x[from + c]! - mean) ** 2;
    const rstd = 1 / Math.sqrt(squares / columns + epsilon);
    for (let c = 0; c < columns; c++)
      y[from + c] = (x[from + c]! - mean) * rstd * weight[c]! + (bias === undefined ? 0 : bias[c]!);
    means[r] = mean;
    rstds[r] = rstd;
  }
  return { y, mean: means, rstd: rstds };
}

export interface NormBackward {
  readonly x: Float32Array;
  readonly weight: Float32Array;
  readonly dy: Float32Array;
  readonly mean: Float32Array;
  readonly rstd: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly dWeight: Float32Array | undefined;
  readonly dBias: Float32Array | undefined;
}

/** dx = rstd · (g − mean(g) − x̂ · mean(g · x̂)) with g = dy · weight; dWeight += Σ dy · x̂ and dBias += Σ dy over rows. */
export function layerNormBackward(spec: NormBackward): Float32Array {
  const { x, weight, dy, rows, columns, dWeight, dBias } = spec;
  const dx = new Float32Array(x.length);
  const weightSums = new Float64Array(columns);
  const biasSums = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    const from = r * columns;
    const mean = spec.mean[r]!;
    const rstd = spec.rstd[r]!;
    let sum = 0;
    let sumHat = 0;
    for (let c = 0; c < columns; c++) {
      const hat = (x[from + c]! - mean) * rstd;
      const upstream = dy[from + c]!;
      const g = upstream * weight[c]!;
      sum += g;
      sumHat += g * hat;
      weightSums[c] = weightSums[c]! + upstream * hat;
      biasSums[c] = biasSums[c]! + upstream;
    }
    for (let c = 0; c < columns; c++) {
      const hat = (x[from + c]! - mean) * rstd;
      dx[from + c] = rstd * (dy[from + c]! * weight[c]! - sum / columns - (hat * sumHat) / columns);
    }
  }
  if (dWeight !== undefined) for (let c = 0; c < columns; c++) dWeight[c] = dWeight[c]! + weightSums[c]!;
  if (dBias !== undefined) for (let c = 0; c < columns; c++) dBias[c] = dBias[c]! + biasSums[c]!;
  return dx;
}
