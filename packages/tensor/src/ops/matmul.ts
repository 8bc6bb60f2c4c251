// Batched matrix product; the gradients are products again, added in place where the device's GEMM can.
import type { Device, MatmulSpec } from '../device.js';
import { TensorError } from '../errors.js';
import { record, tracked } from '../record.js';
import { sameShape, type Shape, showShape, sizeOf } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { checkType, oneDevice } from './check.js';

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

type Sizes = Omit<MatmulSpec, 'a' | 'b' | 'into'> & { readonly sharedB: boolean; readonly shape: number[] };

function sizesOf(a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): Sizes {
  const [rows, columns] = a.slice(-2);
  const [bRows, bColumns] = b.slice(-2);
  const refuse = (wanted: string): TensorError =>
    new TensorError('bad-shape', 'matmul', {
      wanted,
      got: `${showShape(a)}${transposeA ? 'ᵀ' : ''} · ${showShape(b)}${transposeB ? 'ᵀ' : ''}`,
    });
  if (rows === undefined || columns === undefined || bRows === undefined || bColumns === undefined)
    throw refuse('two axes or more each');
  const [m, k] = transposeA ? [columns, rows] : [rows, columns];
  const [n, kOfB] = transposeB ? [bRows, bColumns] : [bColumns, bRows];
  if (k !== kOfB) throw refuse('inner sizes that agree');
  const batchShape = a.slice(0, -2);
  const sharedB = b.length === 2;
  if (!sharedB && !sameShape(batchShape, b.slice(0, -2))) throw refuse('equal batch axes, or a B of two axes');
  const batch = sizeOf(batchShape);
  const shape = [...batchShape, m, n];
  // One B for many rows is one product of them all.
  if (sharedB && !transposeA) return { batch: 1, m: batch * m, n, k, transposeA, transposeB, sharedB: false, shape };
  return { batch, m, n, k, transposeA, transposeB, sharedB: sharedB && batch > 1, shape };
}

/** A·B per batch: A (…, m, k), B (…, k, n) or (k, n) for every batch; each stored transposed where asked -> (…, m, n). Throws `bad-shape`. */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  const device = oneDevice('matmul', a, b);
  checkType('matmul', 'a', a, 'f32');
  checkType('matmul', 'b', b, 'f32');
  const sizes = sizesOf(a.shape, b.shape, transposeA, transposeB);
  const aShape = a.shape;
  return record({
    op: 'matmul',
    output: result('matmul', device, device.matmul({ ...sizes, a: a.storage, b: b.storage }), sizes.shape),
    inputs: [a, b],
    saves: [tracked(b) ? a : undefined, tracked(a) ? b : undefined],
    backward(dy, [da, db], [x, w]) {
      if (da.wanted && w !== undefined) {
        if (sizes.sharedB && transposeA) da.add(transposedGradient(device, sizes, dy, w, aShape));
        else da.fill((into) => device.matmul(forFirst(sizes, dy, w, into)));
      }
      if (db.wanted && x !== undefined) {
        if (sizes.sharedB) db.add(sharedGradient(device, sizes, x, dy));
        else db.fill((into) => device.matmul(forSecond(sizes, x, dy, into)));
      }
    },
  });
}

/** dA = dY·Bᵀ, or (dY·Bᵀ)ᵀ = B·dYᵀ where A is stored transposed. */
function forFirst(
  { batch, m, n, k, transposeA, transposeB, sharedB }: Sizes,
  dy: Tensor,
  b: Tensor,
  into: MatmulSpec['into'],
): MatmulSpec {
  const add = into === undefined ? {} : { into };
  if (!transposeA)
    return {
      a: dy.storage,
      b: b.storage,
      batch,
      m,
      n: k,
      k: n,
      transposeA: false,
      transposeB: !transposeB,
      sharedB,
      ...add,
    };
  return { a: b.storage, b: dy.storage, batch, m: k, n: m, k: n, transposeA: transposeB, transposeB: true, ...add };
}

/** dB = Aᵀ·dY, or dYᵀ·A where B is stored transposed. */
function forSecond(
  { batch, m, n, k, transposeA, transposeB }: Sizes,
  a: Tensor,
  dy: Tensor,
  into: MatmulSpec['into'],
): MatmulSpec {
  const add = into === undefined ? {} : { into };
  if (!transposeB)
    return { a: a.storage, b: dy.storage, batch, m: k, n, k: m, transposeA: !transposeA, transposeB: false, ...add };
  return { a: dy.storage, b: a.storage, batch, m: n, n: k, k: m, transposeA: true, transposeB: transposeA, ...add };
}

/** The gradient of one B for many batches: the sum of theirs. */
function sharedGradient(device: Device, sizes: Sizes, a: Tensor, dy: Tensor): Tensor {
  const { batch, n, k, transposeB } = sizes;
  const shape = transposeB ? [n, k] : [k, n];
  const each = result('matmul', device, device.matmul(forSecond(sizes, a, dy, undefined)), [batch, ...shape]);
  return result('matmul', device, device.reduce('sum', each.storage, 1, batch, n * k), shape);
}

/** dA of an A stored transposed, times one B for many batches: dY·Bᵀ, then transposed. */
function transposedGradient(device: Device, sizes: Sizes, dy: Tensor, b: Tensor, shape: Shape): Tensor {
  const { batch, m, k } = sizes;
  const straight = result(
    'matmul',
    device,
    device.matmul(forFirst({ ...sizes, transposeA: false }, dy, b, undefined)),
    [batch, m, k],
  );
  return result('matmul', device, device.transpose(straight.storage, [batch, m, k], [0, 2, 1]), shape);
}
