// Fuzz cases of the primitives over rows and axes, of layouts and of products.
import { sizeOf, type ReduceName, type Storage } from '@ingot/tensor';
import type { MakeCase } from './case.js';

const REDUCE = { sum: 1, max: 1, min: 1 } as const satisfies Record<ReduceName, 1>;

export const rows = {
  reduce(draws) {
    const name = draws.pick(Object.keys(REDUCE) as ReduceName[]);
    const [outer = 1, axis = 1, inner = 1] = draws.shape(3, draws.chance(0.05) ? 60_000 : 3000);
    const drawn = draws.numbers(outer * axis * inner, { special: true });
    // What huge numbers of both signs sum to depends on the order.
    const x = drawn.map((n) => (Number.isFinite(n) && Math.abs(n) > 1e5 ? 1 : n));
    return {
      about: { name, outer, axis, inner },
      relativeTo: 'each',
      run: (device, put) => [device.reduce(name, put(x), outer, axis, inner)],
    };
  },
  softmax(draws) {
    const [r = 1, c = 1] = draws.shape(2, draws.chance(0.05) ? 60_000 : 3000);
    const x = draws.numbers(r * c, { special: true });
    const ordered = draws.numbers(r * c);
    return {
      about: { rows: r, columns: c },
      relativeTo: 'each',
      run: (device, put) => [
        device.softmax(put(x), r, c),
        device.logSoftmax(put(x), r, c),
        device.argmax(put(ordered), r, c),
      ],
    };
  },
  gather(draws) {
    const [r = 1, c = 1] = draws.shape(2);
    const x = draws.numbers(r * c, { special: true });
    const picked = draws.ids(r, 0, c - 1);
    const ids = draws.ids(draws.whole(1, 50), 0, r - 1);
    const added = draws.numbers(ids.length * c);
    return {
      about: { rows: r, columns: c, ids: ids.length },
      relativeTo: 'each',
      run(device, put) {
        const target = put(x);
        const [one, some] = [device.pick(target, r, c, put(picked)), device.gatherRows(target, c, put(ids))];
        device.scatterAddRows(target, c, put(ids), put(added));
        return [one, some, target];
      },
    };
  },
  matmul(draws) {
    const batch = draws.chance(0.5) ? 1 : draws.whole(1, 5);
    // Over one block of k, one tile of rows, or what one thread keeps to itself, now and then.
    const k = draws.chance(0.1) ? draws.whole(200, 600) : draws.size();
    const [m, n] = draws.chance(0.1) ? [draws.whole(1, 300), draws.size(33)] : [draws.size(), draws.size()];
    const [transposeA, transposeB, sharedB, adds] = [0, 0, 0, 0].map(() => draws.chance(0.5)) as boolean[];
    const a = draws.numbers(batch * m * k);
    const b = draws.numbers((sharedB ? 1 : batch) * k * n);
    const c = draws.numbers(batch * m * n);
    const flags = { transposeA: transposeA!, transposeB: transposeB!, sharedB: sharedB! };
    return {
      about: { batch, m, n, k, ...flags, adds },
      relativeTo: 'largest',
      run: (device, put) => [
        device.matmul({ a: put(a), b: put(b), batch, m, n, k, ...flags, ...(adds && { into: put(c) }) }),
      ],
    };
  },
  layout(draws) {
    const shape = draws.shape(draws.whole(1, 7));
    const axes = [...shape.keys()].map((axis) => [draws.whole(0, 1e6), axis] as const);
    const order = axes.toSorted(([p], [q]) => p - q).map(([, axis]) => axis);
    const begin = shape.map((n) => draws.whole(0, n - 1));
    const size = shape.map((n, axis) => draws.whole(1, n - begin[axis]!));
    const axis = draws.whole(0, shape.length - 1);
    const parts = Array.from({ length: draws.chance(0.1) ? draws.whole(33, 150) : draws.whole(1, 5) }, () =>
      shape.map((n, i) => (i === axis ? draws.whole(1, 4) : Math.min(n, 5))),
    );
    const whole = draws.chance(0.3);
    const array = (length: number) => (whole ? draws.ids(length, -(2 ** 31), 2 ** 31 - 1) : draws.numbers(length));
    const x = array(sizeOf(shape));
    const ys = parts.map((part) => array(sizeOf(part)));
    return {
      about: { shape, order, begin, size, axis, parts: parts.length, dtype: whole ? 'i32' : 'f32' },
      relativeTo: 'each',
      tolerance: 0,
      run(device, put): readonly Storage[] {
        const from = put(x);
        const turned = device.transpose(from, shape, order);
        const box = device.slice(from, shape, begin, size);
        return [turned, box, device.concat(ys.map(put), parts, axis)];
      },
    };
  },
  uniform(draws) {
    const length = draws.chance(0.05) ? draws.whole(16_000, 40_000) : draws.whole(1, 300);
    const key = [draws.whole(0, 2 ** 32 - 1), draws.whole(0, 2 ** 32 - 1)] as const;
    const counter = draws.pick([0, 1, 2 ** 32 - 3, 2 ** 40, draws.whole(0, 2 ** 31)]);
    return {
      about: { length, key, counter },
      relativeTo: 'each',
      tolerance: 0,
      run: (device) => [device.uniform(length, key, counter)],
    };
  },
} as const satisfies Record<string, MakeCase>;
