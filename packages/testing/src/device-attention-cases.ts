// Cases of attention for the device contract suite: masks, shared heads, windows and caps, forward, backward and over a cache.
import { attention, type Device } from '@ingot/tensor';
import { ids, type Keep, type KernelCase, of, type OpCase, put, target } from './device-cases.js';
import { testNumbers } from './gradient-check.js';

interface Sizes {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly window?: number;
  readonly softcap?: number;
}

const plain: readonly Sizes[] = [
  { batch: 1, length: 1, heads: 1, kvHeads: 1, headSize: 1 },
  { batch: 2, length: 7, heads: 3, kvHeads: 3, headSize: 5 },
  { batch: 1, length: 37, heads: 2, kvHeads: 2, headSize: 16 },
  { batch: 2, length: 5, heads: 6, kvHeads: 2, headSize: 3 },
  { batch: 1, length: 67, heads: 5, kvHeads: 1, headSize: 7 },
];
/** Windows of one position, within a tile, over tiles that are skipped, wider than the row; caps below and above the scores. */
const limited: readonly Sizes[] = [
  { batch: 2, length: 7, heads: 3, kvHeads: 3, headSize: 5, window: 1 },
  { batch: 2, length: 13, heads: 6, kvHeads: 2, headSize: 3, window: 4, softcap: 1.5 },
  { batch: 1, length: 300, heads: 2, kvHeads: 1, headSize: 5, window: 20 },
  { batch: 1, length: 261, heads: 2, kvHeads: 2, headSize: 4, window: 127, softcap: 50 },
  { batch: 1, length: 37, heads: 2, kvHeads: 2, headSize: 16, window: 1000 },
  { batch: 1, length: 37, heads: 4, kvHeads: 2, headSize: 9, softcap: 0.5 },
];
const sizes = [...plain, ...limited];

const whole = sizes.flatMap((one) =>
  (['causal', 'both ways', 'causal in documents', 'both ways in documents'] as const).flatMap((how): KernelCase[] => {
    const { batch, length, headSize } = one;
    const width = (one.heads + 2 * one.kvHeads) * headSize;
    const spec = (device: Device, keep: Keep) => ({
      ...one,
      scale: 1 / Math.sqrt(headSize),
      qkv: put(device, keep, batch * length * width, 42),
      causal: how.startsWith('causal'),
      // Three documents and padding at the end.
      documents: how.endsWith('documents')
        ? keep(
            device.upload(
              Int32Array.from({ length: batch * length }, (_, i) =>
                i % length >= length - 1 && length > 1 ? -1 : Math.floor((3 * (i % length)) / length),
              ),
            ),
          )
        : undefined,
    });
    const label = `${JSON.stringify(one)} ${how}`;
    return [
      {
        kernel: 'attention',
        name: `attention ${label}`,
        run(device, kernels, keep) {
          const { y, logSumExp } = kernels.attention(spec(device, keep));
          return [y, logSumExp];
        },
      },
      {
        kernel: 'attentionBackward',
        name: `attention backward ${label}`,
        run(device, kernels, keep) {
          const input = spec(device, keep);
          const { y, logSumExp } = kernels.attention(input);
          keep(y);
          keep(logSumExp);
          return [
            kernels.attentionBackward({
              ...input,
              y,
              logSumExp,
              dy: put(device, keep, batch * length * one.heads * headSize, 43),
            }),
          ];
        },
      },
    ];
  }),
);

const cached = [...sizes, { ...limited[2]!, length: 1 }, { ...limited[3]!, length: 1 }].flatMap((one) =>
  [
    [5, 1],
    [290, 130],
  ].map((starts): KernelCase => ({
    kernel: 'attentionCached',
    name: `attentionCached ${JSON.stringify(one)}, ragged from ${starts.slice(0, one.batch).join(' and ')}`,
    run(device, kernels, keep) {
      const { batch, length, kvHeads, headSize } = one;
      const [slots, capacity] = [3, length + (starts[0] ?? 0)];
      const keys = target(device, slots * capacity * kvHeads * headSize, 44);
      const values = target(device, slots * capacity * kvHeads * headSize, 45);
      const y = kernels.attentionCached({
        ...one,
        scale: 1 / Math.sqrt(headSize),
        qkv: put(device, keep, batch * length * (one.heads + 2 * kvHeads) * headSize, 46),
        keys,
        values,
        capacity,
        slots: [2, 0].slice(0, batch),
        starts: starts.slice(0, batch),
      });
      return [y, keys, values];
    },
  })),
);

/** A NaN in one query reaches that row, capped or not, and no other. */
const broken = [undefined, 2].map((softcap): KernelCase => ({
  kernel: 'attention',
  name: `attention of a query with a NaN${softcap === undefined ? '' : ', capped'}`,
  run(device, kernels, keep) {
    const qkv = testNumbers([5, 6], 47);
    qkv[3 * 6 + 1] = Number.NaN;
    const made = kernels.attention({
      batch: 1,
      length: 5,
      heads: 1,
      kvHeads: 1,
      headSize: 2,
      scale: 1,
      softcap,
      causal: true,
      documents: undefined,
      qkv: keep(device.upload(qkv)),
    });
    return [made.y, made.logSumExp];
  },
}));

/** Attention forward, backward and over a ragged cache. */
export const attentionKernelCases: readonly KernelCase[] = [...whole, ...cached, ...broken];

const masks = [
  { causal: true, documents: undefined },
  { causal: false, documents: undefined },
  { causal: true, documents: [0, 0, 1, 1, -1, 7, 7, 7, 8, 7] },
  { causal: false, documents: [0, 0, 1, 1, -1, 7, 7, 7, 8, 7] },
] as const;
const shapes = [
  { heads: 2, kvHeads: 2, size: 3 },
  { heads: 4, kvHeads: 2, size: 1 },
  { heads: 6, kvHeads: 2, size: 2 },
  { heads: 3, kvHeads: 1, size: 2, window: 2 },
  { heads: 2, kvHeads: 1, size: 3, softcap: 1.25 },
  { heads: 2, kvHeads: 2, size: 2, window: 3, softcap: 2, scale: 1.5 },
] as const;

/** Attention as an op. */
export const attentionOpCases: readonly OpCase[] = [
  ...masks.flatMap(({ causal, documents }) =>
    shapes.map(({ size, ...shape }): OpCase => ({
      name: `attention of ${JSON.stringify(shape)}${causal ? ', causal' : ''}${documents ? ', documents' : ''}`,
      inputs: [of(2, 5, (shape.heads + 2 * shape.kvHeads) * size)],
      run: (device, qkv) =>
        attention(qkv!, { ...shape, causal, ...(documents && { documents: ids(device, documents, [2, 5]) }) }),
    })),
  ),
  {
    name: 'attention of one position',
    inputs: [of(1, 1, 3)],
    run: (_, qkv) => attention(qkv!, { heads: 1, causal: true }),
  },
];
