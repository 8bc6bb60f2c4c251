// One case a primitive and size for the device contract suite: what is computed, on odd sizes, to be compared with the reference device.
import type { BinaryName, Device, ReduceName, Storage, UnaryName } from '@ingot/tensor';
import { testNumbers } from './gradient-check.js';

export interface DeviceCase {
  readonly name: string;
  /** Makes what is compared; `keep` frees the inputs afterwards. */
  run(device: Device, keep: (x: Storage) => Storage): Storage | readonly Storage[];
}

const numbers = (device: Device, length: number, seed: number): Storage => device.upload(testNumbers([length], seed));
const positive = (device: Device, length: number, seed: number): Storage =>
  device.upload(testNumbers([length], seed).map((x) => Math.abs(x) + 0.1));
const ints = (device: Device, values: readonly number[]): Storage => device.upload(Int32Array.from(values));

const unaryDomain = {
  neg: 'all',
  exp: 'all',
  log: 'positive',
  sqrt: 'positive',
  rsqrt: 'positive',
  square: 'all',
  reciprocal: 'positive',
  abs: 'all',
  sign: 'all',
  tanh: 'all',
  sigmoid: 'all',
  'log-sigmoid': 'all',
  erf: 'all',
  relu: 'all',
} as const satisfies Record<UnaryName, 'all' | 'positive'>;

const lengths = [1, 7, 131];

function entries<Key extends string, Value>(table: Readonly<Record<Key, Value>>): readonly (readonly [Key, Value])[] {
  return (Object.keys(table) as Key[]).map((key) => [key, table[key]] as const);
}

const unary: DeviceCase[] = entries(unaryDomain).flatMap(([name, domain]) =>
  lengths.map((length) => ({
    name: `unary ${name} of ${length}`,
    run: (device, keep) =>
      device.unary(name, keep(domain === 'positive' ? positive(device, length, 3) : numbers(device, length, 3))),
  })),
);

/** A NaN among numbers stays one; of its sign devices differ. */
const nans: DeviceCase[] = entries(unaryDomain)
  .filter(([name]) => name !== 'sign')
  .map(([name]) => ({
    name: `unary ${name} of a NaN`,
    run: (device, keep) => device.unary(name, keep(device.upload(Float32Array.of(1, Number.NaN, 2, 3, Number.NaN)))),
  }));

/** Large arguments, where a careless formula over- or underflows. */
const extremes: DeviceCase[] = (['tanh', 'sigmoid', 'log-sigmoid', 'erf'] as const).map((name) => ({
  name: `unary ${name} of ±10⁴, ±100, ±20 and 0`,
  run: (device, keep) => device.unary(name, keep(device.upload(Float32Array.of(-1e4, -100, -20, 0, 20, 100, 1e4)))),
}));

const broadcasts = [
  { a: [5], b: [5], to: [5] },
  { a: [3, 5], b: [5], to: [3, 5] },
  { a: [3, 1], b: [1, 5], to: [3, 5] },
  { a: [2, 3, 5], b: [3, 1], to: [2, 3, 5] },
  { a: [1], b: [7, 2], to: [7, 2] },
  { a: [], b: [], to: [] },
] as const;

const binaryNames = {
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

const size = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1);

const binary: DeviceCase[] = entries(binaryNames).flatMap(([name]) =>
  broadcasts.map(({ a, b, to }) => ({
    name: `binary ${name} (${a.join(', ')}) and (${b.join(', ')})`,
    run: (device, keep) =>
      device.binary(name, keep(positive(device, size(a), 5)), a, keep(positive(device, size(b), 5)), b, to),
  })),
);

const reduceNames = { sum: 1, max: 1, min: 1 } as const satisfies Record<ReduceName, 1>;
const reduces: DeviceCase[] = entries(reduceNames).flatMap(([name]) =>
  (
    [
      [1, 1, 1],
      [3, 5, 7],
      [1, 131, 1],
      [11, 1, 3],
    ] as const
  ).map(([outer, axis, inner]) => ({
    name: `reduce ${name} of (${outer}, ${axis}, ${inner})`,
    run: (device, keep) => device.reduce(name, keep(numbers(device, outer * axis * inner, 7)), outer, axis, inner),
  })),
);

const rowSizes = [
  [1, 1],
  [3, 7],
  [5, 257],
] as const;
const rows: DeviceCase[] = rowSizes.flatMap(([r, c]): DeviceCase[] => [
  { name: `softmax (${r}, ${c})`, run: (device, keep) => device.softmax(keep(numbers(device, r * c, 11)), r, c) },
  { name: `logSoftmax (${r}, ${c})`, run: (device, keep) => device.logSoftmax(keep(numbers(device, r * c, 11)), r, c) },
  { name: `argmax (${r}, ${c})`, run: (device, keep) => device.argmax(keep(numbers(device, r * c, 11)), r, c) },
  {
    name: `pick (${r}, ${c})`,
    run: (device, keep) =>
      device.pick(
        keep(numbers(device, r * c, 11)),
        r,
        c,
        keep(
          ints(
            device,
            Array.from({ length: r }, (_, i) => (i * 5) % c),
          ),
        ),
      ),
  },
  {
    name: `gatherRows (${r}, ${c})`,
    run: (device, keep) =>
      device.gatherRows(keep(numbers(device, r * c, 11)), c, keep(ints(device, [r - 1, 0, r - 1, 0, 0]))),
  },
  {
    name: `scatterAddRows (${r}, ${c}), repeated ids`,
    run(device, keep) {
      const target = numbers(device, r * c, 11);
      device.scatterAddRows(target, c, keep(ints(device, [0, r - 1, 0, 0])), keep(numbers(device, 4 * c, 12)));
      return target;
    },
  },
]);
rows.push(
  {
    name: 'softmax of large numbers',
    run: (device, keep) => device.softmax(keep(device.upload(Float32Array.of(1e4, 1e4 - 1, -1e4, -1e30, 0, 1))), 2, 3),
  },
  ...(['softmax', 'logSoftmax'] as const).map((name): DeviceCase => ({
    name: `${name} of a NaN: its row is lost, no other`,
    run: (device, keep) => device[name](keep(device.upload(Float32Array.of(1, NaN, 2, NaN, NaN, NaN, 1, 2, 3))), 3, 3),
  })),
  {
    name: 'logSoftmax of equal large numbers',
    run: (device, keep) => device.logSoftmax(keep(device.upload(Float32Array.of(1e4, 1e4, -3e4, -3e4))), 2, 2),
  },
  {
    name: 'argmax gives the first of equals',
    run: (device, keep) => device.argmax(keep(device.upload(Float32Array.of(1, 3, 3, 2, 2, 2))), 2, 3),
  },
);

const products = [
  { batch: 1, m: 1, n: 1, k: 1 },
  { batch: 1, m: 7, n: 5, k: 3 },
  { batch: 3, m: 2, n: 7, k: 13 },
  { batch: 1, m: 1, n: 67, k: 131 },
  { batch: 2, m: 17, n: 1, k: 5 },
] as const;
const matmul: DeviceCase[] = products.flatMap((sizes) =>
  [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [false, true].flatMap((sharedB) =>
        [false, true].map((adds): DeviceCase => ({
          name: `matmul ${JSON.stringify(sizes)}${transposeA ? ' Aᵀ' : ''}${transposeB ? ' Bᵀ' : ''}${sharedB ? ' one B' : ''}${adds ? ' in place' : ''}`,
          run(device, keep) {
            const { batch, m, n, k } = sizes;
            const into = adds ? numbers(device, batch * m * n, 15) : undefined;
            const made = device.matmul({
              a: keep(numbers(device, batch * m * k, 13)),
              b: keep(numbers(device, (sharedB ? 1 : batch) * k * n, 14)),
              ...sizes,
              transposeA,
              transposeB,
              sharedB,
              ...(into && { into }),
            });
            if (into !== undefined && made !== into) throw new Error('matmul returned another array than `into`');
            return made;
          },
        })),
      ),
    ),
  ),
);

const layout: DeviceCase[] = [
  ...(
    [
      [
        [2, 3],
        [1, 0],
      ],
      [
        [2, 3, 5],
        [2, 0, 1],
      ],
      [
        [2, 3, 5, 7],
        [0, 2, 1, 3],
      ],
      [
        [1, 7],
        [1, 0],
      ],
    ] as const
  ).map(([shape, axes]): DeviceCase => ({
    name: `transpose (${shape.join(', ')}) to ${axes.join(', ')}`,
    run: (device, keep) => device.transpose(keep(numbers(device, size(shape), 17)), shape, axes),
  })),
  {
    name: 'transpose of i32',
    run: (device, keep) => device.transpose(keep(ints(device, [1, 2, 3, 4, 5, 6])), [2, 3], [1, 0]),
  },
  {
    name: 'slice (3, 5, 7)',
    run: (device, keep) => device.slice(keep(numbers(device, 105, 18)), [3, 5, 7], [1, 2, 0], [2, 3, 5]),
  },
  { name: 'slice of i32', run: (device, keep) => device.slice(keep(ints(device, [1, 2, 3, 4, 5])), [5], [1], [3]) },
  { name: 'slice of one element', run: (device, keep) => device.slice(keep(numbers(device, 5, 18)), [5], [4], [1]) },
  {
    name: 'concat along axis 1',
    run: (device, keep) =>
      device.concat(
        [keep(numbers(device, 6, 19)), keep(numbers(device, 2, 20)), keep(numbers(device, 14, 21))],
        [
          [2, 3],
          [2, 1],
          [2, 7],
        ],
        1,
      ),
  },
  {
    name: 'concat of i32 along axis 0',
    run: (device, keep) => device.concat([keep(ints(device, [1, 2])), keep(ints(device, [3]))], [[2], [1]], 0),
  },
];

const others: DeviceCase[] = [
  ...lengths.map((length): DeviceCase => ({
    name: `affine of ${length}`,
    run: (device, keep) => device.affine(keep(numbers(device, length, 23)), -1.5, 0.25),
  })),
  ...lengths.map((length): DeviceCase => ({
    name: `select of ${length}`,
    run(device, keep) {
      const condition = keep(device.upload(Float32Array.from({ length }, (_, i) => (i % 3) - 1)));
      return device.select(condition, keep(numbers(device, length, 24)), keep(numbers(device, length, 25)));
    },
  })),
  {
    name: 'cast to i32 cuts towards zero',
    run: (device, keep) => device.cast(keep(device.upload(Float32Array.of(-1.7, -0.2, 0, 0.9, 16777216))), 'i32'),
  },
  { name: 'cast to f32', run: (device, keep) => device.cast(keep(ints(device, [-3, 0, 7])), 'f32') },
  {
    name: 'uniform',
    run: (device) => [
      device.uniform(131, [1, 2], 0),
      device.uniform(5, [0xffffffff, 7], 2 ** 32 - 1),
      device.uniform(1, [0, 0], 2 ** 40),
    ],
  },
];

/** Every primitive on odd sizes. */
export const primitiveCases: readonly DeviceCase[] = [
  ...unary,
  ...nans,
  ...extremes,
  ...binary,
  ...reduces,
  ...rows,
  ...matmul,
  ...layout,
  ...others,
];
