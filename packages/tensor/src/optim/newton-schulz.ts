// Newton–Schulz iteration of degree five: brings all singular values of a matrix near 1 by products alone (Jordan et al. 2024, "Muon").
// X = M/‖M‖; then five times X = a·X + (b·A + c·A²)·X with A = X·Xᵀ, on the shorter side.
import type { Device, Storage } from '../device.js';
import { squaredNormOf } from './norm.js';

/** Chosen for the steepest slope at 0: values land between 0.7 and 1.2, not at 1, which Muon does not need. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
/** A matrix of zeros stays one. */
const SMALLEST = 1e-7;

/** A new (rows, columns) array with the singular vectors of x and singular values near 1. x stays. */
export function newtonSchulz(device: Device, x: Storage, rows: number, columns: number, steps = 5): Storage {
  const norm = Math.sqrt(squaredNormOf(device, x));
  const wide = rows <= columns;
  const side = Math.min(rows, columns);
  const square = { batch: 1, m: side, n: side, transposeA: false, transposeB: false };
  let now = device.affine(x, 1 / Math.max(norm, SMALLEST), 0);
  for (let step = 0; step < steps; step++) {
    const gram = device.matmul({
      ...square,
      a: now,
      b: now,
      k: Math.max(rows, columns),
      transposeA: !wide,
      transposeB: wide,
    });
    const scaled = device.affine(gram, C, 0);
    const polynomial = device.affine(gram, B, 0);
    device.matmul({ ...square, a: scaled, b: gram, k: side, into: polynomial });
    const next = device.affine(now, A, 0);
    const [a, b] = wide ? [polynomial, now] : [now, polynomial];
    device.matmul({ ...square, a, b, m: rows, n: columns, k: side, into: next });
    for (const one of [gram, scaled, polynomial, now]) device.free(one);
    now = next;
  }
  return now;
}
