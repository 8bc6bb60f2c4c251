// Cases of SiLU and gated linear units for the device contract suite.
import { gated, silu } from '@ingot/tensor';
import { type KernelCase, of, type OpCase, put } from './device-cases.js';
import { testNumbers } from './gradient-check.js';

const kinds = ['silu', 'gelu-erf', 'gelu-tanh', 'relu'] as const;
const sizes = [
  [1, 1],
  [3, 7],
  [5, 131],
  [67, 257],
] as const;
const extremes = Float32Array.of(-1e4, -90, -20, 0, 20, 90, 1e4);

/** Forward and backward on odd sizes, and far from zero. */
export const gatedKernelCases: readonly KernelCase[] = [
  { kernel: 'silu', name: 'silu', run: (device, kernels, keep) => [kernels.silu(put(device, keep, 131, 101))] },
  {
    kernel: 'silu',
    name: 'silu far from 0',
    run: (device, kernels, keep) => [kernels.silu(keep(device.upload(extremes)))],
  },
  {
    kernel: 'siluBackward',
    name: 'silu backward',
    run: (device, kernels, keep) => [
      kernels.siluBackward(put(device, keep, 131, 101), put(device, keep, 131, 102)),
      kernels.siluBackward(keep(device.upload(extremes)), put(device, keep, extremes.length, 103)),
    ],
  },
  ...kinds.flatMap((kind) =>
    sizes.flatMap(([rows, columns]): KernelCase[] => [
      {
        kernel: 'gated',
        name: `gated ${kind} (${rows}, 2 · ${columns})`,
        run: (device, kernels, keep) => [
          kernels.gated({ x: put(device, keep, 2 * rows * columns, 104), rows, columns, kind }),
        ],
      },
      {
        kernel: 'gatedBackward',
        name: `gated ${kind} backward (${rows}, 2 · ${columns})`,
        run: (device, kernels, keep) => [
          kernels.gatedBackward({
            x: put(device, keep, 2 * rows * columns, 104),
            dy: put(device, keep, rows * columns, 105),
            rows,
            columns,
            kind,
          }),
        ],
      },
    ]),
  ),
];

/** Numbers away from 0, where ReLU has its kink. */
const away = testNumbers([2, 3, 10], 106).map((x) => x + 0.2 * Math.sign(x));

/** As ops. */
export const gatedOpCases: readonly OpCase[] = [
  { name: 'silu', inputs: [of(3, 5)], run: (_, x) => silu(x!) },
  ...kinds.map((kind): OpCase => ({
    name: `gated ${kind}`,
    inputs: [{ shape: [2, 3, 10], data: away }],
    run: (_, x) => gated(x!, kind),
  })),
  { name: 'gated of one', inputs: [of(2)], run: (_, x) => gated(x!, 'silu') },
];
