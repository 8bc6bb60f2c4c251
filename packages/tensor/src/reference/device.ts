// The reference device: plain TypeScript that runs everywhere. The oracle of the device contract: sums are kept in double and rounded
// once, each in one fixed order, so that a row's bits do not depend on its neighbours. Correct first; quick enough for tests.
import type { Device } from '../device.js';
import { uniform } from '../random.js';
import { mapBinary, mapUnary } from './elementwise.js';
import { referenceKernels } from './kernels.js';
import { concat, slice, transpose } from './layout.js';
import { addProduct } from './matmul.js';
import { argmax, gatherRows, logSoftmax, pick, reduce, scatterAddRows, softmax } from './rows.js';
import { HostMemory } from './storage.js';

/** A new reference device with a memory of its own. */
export function referenceDevice(): Device {
  const memory = new HostMemory();
  const { keep, f32, i32, any } = {
    keep: memory.keep.bind(memory),
    f32: memory.f32.bind(memory),
    i32: memory.i32.bind(memory),
    any: memory.any.bind(memory),
  };
  return {
    name: 'reference',
    about: 'plain TypeScript, one thread, sums in double precision',
    precision: 'fp32',
    rowInvariant: true,
    kernels: referenceKernels(memory),

    upload: (data) => keep(data.slice()),
    download: (x, offset = 0, length = x.length - offset) => any(x).slice(offset, offset + length),
    zeros: (dtype, length) => keep(dtype === 'i32' ? new Int32Array(length) : new Float32Array(length)),
    copy(source, sourceOffset, target, targetOffset, length) {
      any(target).set(any(source).subarray(sourceOffset, sourceOffset + length), targetOffset);
    },
    free: (x) => memory.free(x),
    memory: () => memory.use(),
    resetPeak: () => memory.resetPeak(),
    dispose: () => undefined,

    fill(target, value) {
      any(target).fill(value);
    },
    accumulate(target, source, scale) {
      const t = f32(target);
      const s = f32(source);
      for (let i = 0; i < t.length; i++) t[i] = t[i]! + scale * s[i]!;
    },
    scale(target, factor) {
      const t = f32(target);
      for (let i = 0; i < t.length; i++) t[i] = t[i]! * factor;
    },
    scatterAddRows: (target, width, ids, rows) => scatterAddRows(f32(target), width, i32(ids), f32(rows)),

    unary: (name, x) => keep(mapUnary(name, f32(x))),
    binary: (name, a, aShape, b, bShape, shape) => keep(mapBinary(name, f32(a), aShape, f32(b), bShape, shape)),
    affine(x, scale, shift) {
      return keep(f32(x).map((value) => scale * value + shift));
    },
    select(condition, a, b) {
      const [aValues, bValues] = [f32(a), f32(b)];
      return keep(f32(condition).map((yes, i) => (yes !== 0 ? aValues[i]! : bValues[i]!)));
    },
    cast: (x, dtype) => keep(dtype === 'i32' ? Int32Array.from(any(x)) : Float32Array.from(any(x))),

    reduce: (name, x, outer, axis, inner) => keep(reduce(name, f32(x), outer, axis, inner)),
    softmax: (x, rows, columns) => keep(softmax(f32(x), rows, columns)),
    logSoftmax: (x, rows, columns) => keep(logSoftmax(f32(x), rows, columns)),
    argmax: (x, rows, columns) => keep(argmax(f32(x), rows, columns)),
    pick: (x, rows, columns, ids) => keep(pick(f32(x), rows, columns, i32(ids))),
    gatherRows: (table, width, ids) => keep(gatherRows(f32(table), width, i32(ids))),
    matmul({ a, b, batch, m, n, k, transposeA, transposeB, sharedB = false, into }) {
      const out = into ?? keep(new Float32Array(batch * m * n));
      addProduct(f32(out), f32(a), f32(b), { batch, m, n, k, transposeA, transposeB, sharedB });
      return out;
    },
    transpose: (x, shape, axes) => keep(transpose(any(x), shape, axes)),
    slice: (x, shape, begin, size) => keep(slice(any(x), shape, begin, size)),
    concat: (parts, shapes, axis) => keep(concat(parts.map(any), shapes, axis)),

    uniform: (length, key, counter) => keep(uniform(length, key, counter)),
  };
}
