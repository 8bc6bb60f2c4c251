// A device with its fused kernels hidden: every op takes its composition from primitives.
import type { Device } from './device.js';
import type { KernelName } from './kernels.js';

/** The same device and memory, without these kernels (all unless named). For tests of the compositions. */
export function withoutKernels(device: Device, names?: readonly KernelName[]): Device {
  const hidden = new Set<string>(names ?? Object.keys(device.kernels));
  const kernels = Object.fromEntries(Object.entries(device.kernels).filter(([name]) => !hidden.has(name)));
  return { ...bound(device), name: `${device.name} without kernels`, kernels };
}

/** The device's methods as own properties, whether it is a plain object or an instance of a class. */
function bound(device: Device): Device {
  return {
    name: device.name,
    about: device.about,
    precision: device.precision,
    rowInvariant: device.rowInvariant,
    kernels: device.kernels,
    upload: (data) => device.upload(data),
    download: (x, offset, length) => device.download(x, offset, length),
    zeros: (dtype, length) => device.zeros(dtype, length),
    copy: (source, from, target, to, length) => device.copy(source, from, target, to, length),
    free: (x) => device.free(x),
    memory: () => device.memory(),
    resetPeak: () => device.resetPeak(),
    dispose: () => device.dispose(),
    fill: (target, value) => device.fill(target, value),
    accumulate: (target, source, scale) => device.accumulate(target, source, scale),
    scale: (target, factor) => device.scale(target, factor),
    scatterAddRows: (target, width, ids, rows) => device.scatterAddRows(target, width, ids, rows),
    unary: (name, x) => device.unary(name, x),
    binary: (name, a, aShape, b, bShape, shape) => device.binary(name, a, aShape, b, bShape, shape),
    affine: (x, scale, shift) => device.affine(x, scale, shift),
    select: (condition, a, b) => device.select(condition, a, b),
    cast: (x, dtype) => device.cast(x, dtype),
    reduce: (name, x, outer, axis, inner) => device.reduce(name, x, outer, axis, inner),
    softmax: (x, rows, columns) => device.softmax(x, rows, columns),
    logSoftmax: (x, rows, columns) => device.logSoftmax(x, rows, columns),
    argmax: (x, rows, columns) => device.argmax(x, rows, columns),
    pick: (x, rows, columns, ids) => device.pick(x, rows, columns, ids),
    gatherRows: (table, width, ids) => device.gatherRows(table, width, ids),
    matmul: (spec) => device.matmul(spec),
    transpose: (x, shape, axes) => device.transpose(x, shape, axes),
    slice: (x, shape, begin, size) => device.slice(x, shape, begin, size),
    concat: (parts, shapes, axis) => device.concat(parts, shapes, axis),
    uniform: (length, key, counter) => device.uniform(length, key, counter),
  };
}
