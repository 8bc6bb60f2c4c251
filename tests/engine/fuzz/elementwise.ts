// Fuzz cases of the primitives that take each element alone, special numbers included.
import { sizeOf, type BinaryName, type UnaryName } from '@ingot/tensor';
import type { MakeCase } from './case.js';
import type { Draws } from './draws.js';

const UNARY = {
  neg: 1,
  exp: 1,
  log: 1,
  sqrt: 1,
  rsqrt: 1,
  square: 1,
  reciprocal: 1,
  abs: 1,
  sign: 1,
  tanh: 1,
  sigmoid: 1,
  'log-sigmoid': 1,
  erf: 1,
  relu: 1,
} as const satisfies Record<UnaryName, 1>;
const BINARY = {
  add: 1,
  sub: 1,
  mul: 1,
  div: 1,
  max: 1,
  min: 1,
  pow: 1,
  greater: 1,
  equal: 1,
} as const satisfies Record<BinaryName, 1>;

/** Now and then more elements than a thread keeps to itself. */
const lengthOf = (draws: Draws): number => (draws.chance(0.05) ? draws.whole(16_000, 40_000) : draws.whole(1, 300));
/** A shape that broadcasts to `to`: some axes are 1, some leading ones are not there. */
const narrowed = (draws: Draws, to: readonly number[]): number[] =>
  to.map((n) => (draws.chance(0.3) ? 1 : n)).slice(draws.chance(0.3) ? draws.whole(0, to.length) : 0);

export const elementwise = {
  unary(draws) {
    const name = draws.pick(Object.keys(UNARY) as UnaryName[]);
    const x = draws.numbers(lengthOf(draws), { special: true });
    return {
      about: { name, length: x.length },
      relativeTo: 'each',
      run: (device, put) => [device.unary(name, put(x))],
    };
  },
  binary(draws) {
    const name = draws.pick(Object.keys(BINARY) as BinaryName[]);
    const target = draws.shape(draws.whole(0, 6), draws.chance(0.05) ? 30_000 : 1500);
    const a = narrowed(draws, target);
    const b = narrowed(draws, target);
    // What both have narrowed is 1 in the result too.
    const shape = target
      .map((n, axis) => {
        const sizes = [a, b].map((own) => own[own.length - target.length + axis] ?? 1);
        return Math.max(...sizes) === 1 ? 1 : n;
      })
      .slice(target.length - Math.max(a.length, b.length));
    const [x, y] = [a, b].map((own) => draws.numbers(sizeOf(own), { special: true }));
    return {
      about: { name, a, b, shape },
      relativeTo: 'each',
      run: (device, put) => [device.binary(name, put(x!), a, put(y!), b, shape)],
    };
  },
  affine(draws) {
    const x = draws.numbers(lengthOf(draws), { special: true });
    const [scale, shift] = draws.numbers(2);
    return {
      about: { length: x.length, scale, shift },
      relativeTo: 'each',
      run: (device, put) => [device.affine(put(x), scale!, shift!)],
    };
  },
  select(draws) {
    const length = lengthOf(draws);
    const condition = Float32Array.from(draws.ids(length, -1, 1));
    const [a, b] = [draws.numbers(length, { special: true }), draws.numbers(length, { special: true })];
    return {
      about: { length },
      relativeTo: 'each',
      run: (device, put) => [device.select(put(condition), put(a), put(b))],
    };
  },
  cast(draws) {
    const length = lengthOf(draws);
    const x = draws.numbers(length).map((n) => n * 1e5);
    const ids = draws.ids(length, -(2 ** 30), 2 ** 30);
    return {
      about: { length },
      relativeTo: 'each',
      run(device, put) {
        const [f, i] = [put(x), put(ids)];
        return [device.cast(f, 'i32'), device.cast(f, 'f32'), device.cast(i, 'f32'), device.cast(i, 'i32')];
      },
    };
  },
  inPlace(draws) {
    const length = lengthOf(draws);
    const x = draws.numbers(length, { special: true });
    const y = draws.numbers(length); // not special: a product that overflows unless it is fused
    const [factor, value] = draws.numbers(2);
    const from = draws.whole(0, length - 1);
    const to = draws.whole(0, length - 1);
    const count = draws.whole(1, length - Math.max(from, to));
    const zeros = new Int32Array(length);
    return {
      about: { length, from, to, count },
      relativeTo: 'each',
      run(device, put) {
        const [added, scaled, filled, whole, moved] = [x, x, x, zeros, x].map(put);
        device.accumulate(added!, put(y), factor!);
        device.scale(scaled!, factor!);
        device.fill(filled!, value!);
        device.fill(whole!, 7);
        device.copy(put(y), from, moved!, to, count);
        device.copy(moved!, from, moved!, to, count); // onto itself, perhaps overlapping
        return [added!, scaled!, filled!, whole!, moved!, device.download(moved!, from, count)];
      },
    };
  },
} as const satisfies Record<string, MakeCase>;
