// Matrix products of the reference device. Every element is summed over k from 0 upwards in double and rounded once, so that its bits
// depend neither on the layout of the operands nor on how many rows there are.

export interface Product {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly sharedB: boolean;
}

/** out += A·B per batch, or out = A·B when it holds zeros; shapes as in MatmulSpec. */
export function addProduct(out: Float32Array, a: Float32Array, b: Float32Array, shape: Product): void {
  const { batch, m, n, k, transposeA, transposeB, sharedB } = shape;
  const row = new Float64Array(k);
  const sums = new Float64Array(n);
  for (let s = 0; s < batch; s++) {
    const aFrom = s * m * k;
    const bFrom = sharedB ? 0 : s * k * n;
    for (let i = 0; i < m; i++) {
      const step = transposeA ? m : 1;
      let at = aFrom + (transposeA ? i : i * k);
      for (let kk = 0; kk < k; kk++, at += step) row[kk] = a[at]!;
      if (transposeB) rowByColumns(sums, row, b, bFrom, n, k);
      else rowByRows(sums, row, b, bFrom, n, k);
      const to = (s * m + i) * n;
      for (let j = 0; j < n; j++) out[to + j] = out[to + j]! + sums[j]!;
    }
  }
}

/** sums = row·B with B (k, n): four rows of B at once, added in order. */
function rowByRows(sums: Float64Array, row: Float64Array, b: Float32Array, from: number, n: number, k: number): void {
  sums.fill(0);
  let kk = 0;
  for (; kk + 4 <= k; kk += 4) {
    const a0 = row[kk]!;
    const a1 = row[kk + 1]!;
    const a2 = row[kk + 2]!;
    const a3 = row[kk + 3]!;
    const b0 = from + kk * n;
    const b1 = b0 + n;
    const b2 = b1 + n;
    const b3 = b2 + n;
    for (let j = 0; j < n; j++)
      sums[j] = sums[j]! + a0 * b[b0 + j]! + a1 * b[b1 + j]! + a2 * b[b2 + j]! + a3 * b[b3 + j]!;
  }
  for (; kk < k; kk++) {
    const a0 = row[kk]!;
    const b0 = from + kk * n;
    for (let j = 0; j < n; j++) sums[j] = sums[j]! + a0 * b[b0 + j]!;
  }
}

/** sums = row·Bᵀ with B (n, k): four columns at once, each summed in the order of k. */
function rowByColumns(
  sums: Float64Array,
  row: Float64Array,
  b: Float32Array,
  from: number,
  n: number,
  k: number,
): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const b0 = from + j * k;
    const b1 = b0 + k;
    const b2 = b1 + k;
    const b3 = b2 + k;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let kk = 0; kk < k; kk++) {
      const x = row[kk]!;
      s0 += x * b[b0 + kk]!;
      s1 += x * b[b1 + kk]!;
      s2 += x * b[b2 + kk]!;
      s3 += x * b[b3 + kk]!;
    }
    sums[j] = s0;
    sums[j + 1] = s1;
    sums[j + 2] = s2;
    sums[j + 3] = s3;
  }
  for (; j < n; j++) {
    let sum = 0;
    for (let kk = 0, at = from + j * k; kk < k; kk++) sum += row[kk]! * b[at + kk]!;
    sums[j] = sum;
  }
}
