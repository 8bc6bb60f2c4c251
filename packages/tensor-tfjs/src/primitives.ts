// The required primitives as TensorFlow.js ops: arrays are flat, each op gives them the shape it needs.
import { uniform, type BinaryName, type Device, type DType, type ReduceName, type UnaryName } from '@ingot/tensor';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from './backends.js';
import type { TfMemory } from './storage.js';

type Unary = (tf: Tf, x: Tensor) => Tensor;
const UNARY = {
  neg: (tf, x) => tf.neg(x),
  exp: (tf, x) => tf.exp(x),
  log: (tf, x) => tf.log(x),
  sqrt: (tf, x) => tf.sqrt(x),
  rsqrt: (tf, x) => tf.rsqrt(x),
  square: (tf, x) => tf.square(x),
  reciprocal: (tf, x) => tf.reciprocal(x),
  abs: (tf, x) => tf.abs(x),
  sign: (tf, x) => tf.sign(x),
  tanh: (tf, x) => tf.tanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  // min(x, 0) − log(1 + e^−|x|): exact for large |x|, where softplus of some backends cuts off
  'log-sigmoid': (tf, x) => tf.sub(tf.minimum(x, 0), tf.log1p(tf.exp(tf.neg(tf.abs(x))))),
  erf: (tf, x) => tf.erf(x),
  relu: (tf, x) => tf.relu(x),
} as const satisfies Record<UnaryName, Unary>;

type Binary = (tf: Tf, a: Tensor, b: Tensor) => Tensor;
const BINARY = {
  add: (tf, a, b) => tf.add(a, b),
  sub: (tf, a, b) => tf.sub(a, b),
  mul: (tf, a, b) => tf.mul(a, b),
  div: (tf, a, b) => tf.div(a, b),
  max: (tf, a, b) => tf.maximum(a, b),
  min: (tf, a, b) => tf.minimum(a, b),
  pow: (tf, a, b) => tf.pow(a, b),
  greater: (tf, a, b) => tf.cast(tf.greater(a, b), 'float32'),
  equal: (tf, a, b) => tf.cast(tf.equal(a, b), 'float32'),
} as const satisfies Record<BinaryName, Binary>;

const REDUCE = {
  sum: (tf, x) => tf.sum(x, 1),
  max: (tf, x) => tf.max(x, 1),
  min: (tf, x) => tf.min(x, 1),
} as const satisfies Record<ReduceName, Unary>;

const tfType = (dtype: DType) => (dtype === 'i32' ? 'int32' : 'float32');
type Primitives = Omit<Device, 'name' | 'about' | 'precision' | 'rowInvariant' | 'kernels' | 'dispose'>;

/** All primitives of the contract over one backend. */
export const tfPrimitives = (tf: Tf, memory: TfMemory): Primitives => {
  const { of, make } = { of: memory.of.bind(memory), make: memory.make.bind(memory) };
  const shaped = (x: Parameters<typeof of>[0], shape: readonly number[]): Tensor => tf.reshape(of(x), [...shape]);
  return {
    upload: (data) => memory.upload(data),
    download(x, offset = 0, length = x.length - offset) {
      const data = of(x).dataSync();
      return x.dtype === 'i32'
        ? Int32Array.from(data.subarray(offset, offset + length))
        : Float32Array.from(data.subarray(offset, offset + length));
    },
    zeros: (dtype, length) => make(dtype, () => tf.zeros([length], tfType(dtype))),
    copy(source, sourceOffset, target, targetOffset, length) {
      memory.replace(target, (before) =>
        tf.concat1d(
          [
            tf.slice1d(before, 0, targetOffset),
            tf.slice1d(of(source), sourceOffset, length),
            tf.slice1d(before, targetOffset + length, before.size - targetOffset - length),
          ].filter((part) => part.size > 0),
        ),
      );
    },
    free: (x) => memory.free(x),
    memory: () => memory.use(),
    resetPeak: () => memory.resetPeak(),

    fill(target, value) {
      const shape: [number] = [target.length];
      memory.replace(target, () => tf.fill(shape, value, tfType(target.dtype)));
    },
    accumulate: (target, source, scale) =>
      memory.replace(target, (before) => tf.add(before, scale === 1 ? of(source) : tf.mul(of(source), scale))),
    scale: (target, factor) => memory.replace(target, (before) => tf.mul(before, factor)),
    scatterAddRows: (target, width, ids, rows) =>
      memory.replace(target, (before) =>
        tf.add(
          before,
          tf.reshape(
            tf.scatterND(shaped(ids, [ids.length, 1]), shaped(rows, [ids.length, width]), [
              target.length / width,
              width,
            ]),
            [-1],
          ),
        ),
      ),

    unary: (name, x) => make('f32', () => UNARY[name](tf, of(x))),
    // `shape` may be wider than both operands
    binary: (name, a, aShape, b, bShape, shape) =>
      make('f32', () => tf.broadcastTo(BINARY[name](tf, shaped(a, aShape), shaped(b, bShape)), [...shape])),
    affine: (x, scale, shift) => make('f32', () => tf.add(tf.mul(of(x), scale), shift)),
    select: (condition, a, b) => make('f32', () => tf.where(tf.notEqual(of(condition), 0), of(a), of(b))),
    cast: (x, dtype) => make(dtype, () => tf.cast(tf.clone(of(x)), tfType(dtype))),

    reduce: (name, x, outer, axis, inner) => make('f32', () => REDUCE[name](tf, shaped(x, [outer, axis, inner]))),
    softmax: (x, rows, columns) => make('f32', () => tf.softmax(shaped(x, [rows, columns]))),
    logSoftmax: (x, rows, columns) => make('f32', () => tf.logSoftmax(shaped(x, [rows, columns]))),
    argmax: (x, rows, columns) => make('i32', () => tf.argMax(shaped(x, [rows, columns]), 1)),
    pick: (x, rows, columns, ids) =>
      make('f32', () =>
        tf.gather(
          of(x),
          tf.cast(tf.add(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(columns, 'int32')), of(ids)), 'int32'),
        ),
      ),
    gatherRows: (table, width, ids) =>
      make('f32', () => tf.gather(shaped(table, [table.length / width, width]), of(ids))),
    matmul({ a, b, batch, m, n, k, transposeA, transposeB, sharedB = false, into }) {
      const product = (): Tensor => {
        const left = shaped(a, transposeA ? [batch, k, m] : [batch, m, k]);
        const right = shaped(b, transposeB ? [sharedB ? 1 : batch, n, k] : [sharedB ? 1 : batch, k, n]);
        if (!sharedB || batch === 1) return tf.matMul(left, right, transposeA, transposeB);
        const rows = tf.reshape(transposeA ? tf.transpose(left, [0, 2, 1]) : left, [batch * m, k]);
        return tf.matMul(rows, tf.reshape(right, transposeB ? [n, k] : [k, n]), false, transposeB);
      };
      if (into === undefined) return make('f32', product);
      memory.replace(into, (before) => tf.add(before, tf.reshape(product(), [-1])));
      return into;
    },
    transpose: (x, shape, axes) => make(x.dtype, () => tf.transpose(shaped(x, shape), [...axes])),
    slice: (x, shape, begin, size) => make(x.dtype, () => tf.slice(shaped(x, shape), [...begin], [...size])),
    concat: (parts, shapes, axis) =>
      make(parts[0]!.dtype, () =>
        tf.concat(
          parts.map((part, i) => shaped(part, shapes[i]!)),
          axis,
        ),
      ),
    // The numbers must be Philox's, which TensorFlow.js does not have: drawn on the host.
    uniform: (length, key, counter) => memory.upload(uniform(length, key, counter)),
  };
};
