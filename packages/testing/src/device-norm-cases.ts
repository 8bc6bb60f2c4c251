// Cases of RMSNorm for the device contract suite.
import { type Device, rmsNorm } from '@ingot/tensor';
import { type Keep, type KernelCase, of, type OpCase, put, target } from './device-cases.js';

const sizes = [
  [1, 1],
  [3, 7],
  [5, 131],
  [67, 257],
] as const;
const weights = ['weight', 'weight + 1', 'no weight'] as const;

/** RMSNorm forward and backward on odd sizes, with each kind of weight. */
export const normKernelCases: readonly KernelCase[] = sizes.flatMap(([rows, columns]) =>
  weights.flatMap((kind): KernelCase[] => {
    const spec = (device: Device, keep: Keep) => ({
      x: put(device, keep, rows * columns, 91),
      weight: kind === 'no weight' ? undefined : put(device, keep, columns, 92),
      rows,
      columns,
      epsilon: 1e-5,
      offset: kind === 'weight + 1' ? (1 as const) : (0 as const),
    });
    const label = `(${rows}, ${columns}), ${kind}`;
    return [
      {
        kernel: 'rmsNorm',
        name: `rmsNorm ${label}`,
        run(device, kernels, keep) {
          const { y, rstd } = kernels.rmsNorm(spec(device, keep));
          return [y, rstd];
        },
      },
      {
        kernel: 'rmsNormBackward',
        name: `rmsNorm backward ${label}`,
        run(device, kernels, keep) {
          const input = spec(device, keep);
          const { y, rstd } = kernels.rmsNorm(input);
          for (const one of [y, rstd]) keep(one);
          const dWeight = kind === 'no weight' ? undefined : target(device, columns, 93);
          const dy = put(device, keep, rows * columns, 94);
          return [kernels.rmsNormBackward({ ...input, dy, rstd, dWeight }), ...(dWeight ? [dWeight] : [])];
        },
      },
    ];
  }),
);

/** RMSNorm as an op. */
export const normOpCases: readonly OpCase[] = [
  { name: 'rmsNorm', inputs: [of(2, 3, 7), of(7)], run: (_, x, w) => rmsNorm(x!, w!, 1e-5) },
  { name: 'rmsNorm of one', inputs: [of(1), of(1)], run: (_, x, w) => rmsNorm(x!, w!, 0.1) },
  { name: 'rmsNorm, offset 1', inputs: [of(3, 11), of(11)], run: (_, x, w) => rmsNorm(x!, w!, 1e-5, { offset: 1 }) },
  { name: 'rmsNorm without weight', inputs: [of(3, 5)], run: (_, x) => rmsNorm(x!, undefined, 1e-6) },
];
