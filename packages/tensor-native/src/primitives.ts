// The required primitives over the addon: each packs its arguments in the order in which the kernel reads them.
import {
  TensorError,
  type BinaryName,
  type Device,
  type MatmulSpec,
  type ReduceName,
  type Storage,
  type UnaryName,
} from '@ingot/tensor';
import type { Addon } from './addon.js';
import type { Caller } from './caller.js';
import type { NativeStorage } from './storage.js';
import { broadcastStrides, joinDimensions, stridesOf } from './strides.js';

// In the order of the enums in elementwise.h and rows.h.
const UNARY = {
  neg: 0,
  exp: 1,
  log: 2,
  sqrt: 3,
  rsqrt: 4,
  square: 5,
  reciprocal: 6,
  abs: 7,
  sign: 8,
  tanh: 9,
  sigmoid: 10,
  'log-sigmoid': 11,
  erf: 12,
  relu: 13,
} as const satisfies Record<UnaryName, number>;
const BINARY = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  max: 4,
  min: 5,
  pow: 6,
  greater: 7,
  equal: 8,
} as const satisfies Record<BinaryName, number>;
const REDUCE = { sum: 0, max: 1, min: 2 } as const satisfies Record<ReduceName, number>;

type Primitives = Omit<Device, 'name' | 'about' | 'precision' | 'rowInvariant' | 'kernels' | 'dispose'>;
/** As in call.h. */
const MOST_AXES = 32;
const MOST_PARTS = 64;
const checkAxes = (op: string, axes: number): void => {
  if (axes > MOST_AXES) throw new TensorError('bad-shape', op, { wanted: `at most ${MOST_AXES} axes`, got: `${axes}` });
};
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Parts (outer, width) side by side; more than the kernel takes are joined in groups first. */
const join = (caller: Caller, outer: number, parts: readonly Storage[], widths: readonly number[]): NativeStorage => {
  const sum = (some: readonly number[]): number => some.reduce((total, width) => total + width, 0);
  if (parts.length <= MOST_PARTS)
    return caller.call(
      'concat',
      [parts.length, outer, ...widths, ...parts.map((part) => caller.handle(part))],
      [],
      [[parts[0]!.dtype, outer * sum(widths)]],
    )[0]!;
  const groups: NativeStorage[] = [];
  const wide: number[] = [];
  try {
    for (let from = 0; from < parts.length; from += MOST_PARTS) {
      const own = widths.slice(from, from + MOST_PARTS);
      groups.push(join(caller, outer, parts.slice(from, from + MOST_PARTS), own));
      wide.push(sum(own));
    }
    return join(caller, outer, groups, wide);
  } finally {
    for (const group of groups) caller.free(group);
  }
};

/** All primitives of the contract. */
export const primitives = (addon: Addon, caller: Caller): Primitives => ({
  upload(data) {
    const made = caller.make(data instanceof Int32Array ? 'i32' : 'f32', data.length);
    addon.move(made.handle, data, 0, true);
    return made;
  },
  download(x, offset = 0, length = x.length - offset) {
    const data = x.dtype === 'i32' ? new Int32Array(length) : new Float32Array(length);
    addon.move(caller.handle(x), data, offset, false);
    return data;
  },
  zeros(dtype, length) {
    const made = caller.make(dtype, length);
    addon.clear(made.handle);
    return made;
  },
  copy: (source, from, target, to, length) =>
    caller.inPlace('copy', [length, from, to, caller.handle(source), caller.handle(target)]),
  free: (x) => caller.free(x),
  memory: () => caller.memory(),
  resetPeak: () => caller.resetPeak(),
  trim: () => addon.trim?.(),

  fill: (target, value) =>
    caller.inPlace('fill', [Number(target.dtype === 'i32'), target.length, caller.handle(target)], [value]),
  accumulate: (target, source, scale) =>
    caller.inPlace('accumulate', [target.length, caller.handle(target), caller.handle(source)], [scale]),
  scale: (target, factor) => caller.inPlace('scale', [target.length, caller.handle(target)], [factor]),
  scatterAddRows: (target, width, ids, rows) =>
    caller.inPlace('scatterAddRows', [
      ids.length,
      width,
      caller.handle(target),
      caller.handle(ids),
      caller.handle(rows),
    ]),

  unary: (name, x) => caller.float('unary', [UNARY[name], x.length, caller.handle(x)], x.length),
  binary(name, a, aShape, b, bShape, shape) {
    const {
      dims,
      a: sa,
      b: sb,
    } = joinDimensions(shape, broadcastStrides(aShape, shape), broadcastStrides(bShape, shape));
    checkAxes(name, dims.length);
    return caller.float(
      'binary',
      [BINARY[name], dims.length, ...dims, ...sa, ...sb, caller.handle(a), caller.handle(b)],
      sizeOf(shape),
    );
  },
  affine: (x, scale, shift) => caller.float('affine', [x.length, caller.handle(x)], x.length, [scale, shift]),
  select: (condition, a, b) =>
    caller.float('select', [a.length, caller.handle(condition), caller.handle(a), caller.handle(b)], a.length),
  cast(x, dtype) {
    if (x.dtype !== dtype)
      return caller.call('cast', [Number(dtype === 'i32'), x.length, caller.handle(x)], [], [[dtype, x.length]])[0]!;
    const copy = caller.make(dtype, x.length);
    caller.inPlace('copy', [x.length, 0, 0, caller.handle(x), copy.handle]);
    return copy;
  },

  reduce: (name, x, outer, axis, inner) =>
    caller.float('reduce', [REDUCE[name], outer, axis, inner, caller.handle(x)], outer * inner),
  softmax: (x, rows, columns) => caller.float('softmax', [0, rows, columns, caller.handle(x)], x.length),
  logSoftmax: (x, rows, columns) => caller.float('softmax', [1, rows, columns, caller.handle(x)], x.length),
  argmax: (x, rows, columns) => caller.call('argmax', [rows, columns, caller.handle(x)], [], [['i32', rows]])[0]!,
  pick: (x, rows, columns, ids) => caller.float('pick', [rows, columns, caller.handle(x), caller.handle(ids)], rows),
  gatherRows: (table, width, ids) =>
    caller.float('gatherRows', [ids.length, width, caller.handle(table), caller.handle(ids)], ids.length * width),
  matmul({ a, b, batch, m, n, k, transposeA, transposeB, sharedB = false, into }: MatmulSpec) {
    const ints = [
      batch,
      m,
      n,
      k,
      Number(transposeA),
      Number(transposeB),
      Number(sharedB),
      caller.handle(a),
      caller.handle(b),
      caller.handle(into),
    ];
    if (into === undefined) return caller.float('matmul', ints, batch * m * n);
    caller.inPlace('matmul', ints);
    return into;
  },
  transpose(x, shape, axes) {
    checkAxes('transpose', axes.length);
    const strides = stridesOf(shape);
    return caller.call(
      'strided',
      [axes.length, ...axes.map((axis) => shape[axis]!), ...axes.map((axis) => strides[axis]!), 0, caller.handle(x)],
      [],
      [[x.dtype, x.length]],
    )[0]!;
  },
  slice(x, shape, begin, size) {
    checkAxes('slice', size.length);
    const strides = stridesOf(shape);
    const offset = begin.reduce((sum, at, d) => sum + at * strides[d]!, 0);
    return caller.call(
      'strided',
      [size.length, ...size, ...strides, offset, caller.handle(x)],
      [],
      [[x.dtype, sizeOf(size)]],
    )[0]!;
  },
  concat(parts, shapes, axis) {
    const outer = sizeOf(shapes[0]!.slice(0, axis));
    const widths = shapes.map((shape) => sizeOf(shape.slice(axis)));
    return join(caller, outer, parts, widths);
  },
  uniform: (length, [first, second], counter) => caller.float('uniform', [length, first, second], length, [counter]),
});
