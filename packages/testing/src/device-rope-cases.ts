// Cases of rotary positions for the device contract suite.
import { rope, ropeFrequencies, ropeTable } from '@ingot/tensor';
import { ids, type KernelCase, of, type OpCase, put } from './device-cases.js';

const pairings = ['half', 'interleaved'] as const;
const sizes = [
  { rows: 1, tableRows: 1, heads: 1, rotated: 1, headSize: 2, rotary: 2 },
  { rows: 6, tableRows: 3, heads: 5, rotated: 3, headSize: 7, rotary: 6 },
  { rows: 5, tableRows: 5, heads: 3, rotated: 3, headSize: 38, rotary: 38 },
  { rows: 130, tableRows: 65, heads: 4, rotated: 3, headSize: 66, rotary: 34 },
] as const;

/** Rotations both ways on odd sizes, of all dimensions and heads or of some. */
export const ropeKernelCases: readonly KernelCase[] = sizes.flatMap((spec) =>
  pairings.flatMap((pairing) =>
    [false, true].map((back): KernelCase => ({
      kernel: 'rope',
      name: `rope ${JSON.stringify(spec)} ${pairing}${back ? ', back' : ''}`,
      run: (device, kernels, keep) => [
        kernels.rope({
          ...spec,
          pairing,
          back,
          x: put(device, keep, spec.rows * spec.heads * spec.headSize, 95),
          table: put(device, keep, spec.tableRows * spec.rotary, 96),
        }),
      ],
    })),
  ),
);

/** Rotations as an op, with positions counted and given. */
export const ropeOpCases: readonly OpCase[] = pairings.flatMap((pairing): OpCase[] => [
  {
    name: `rope of packed heads, ${pairing}`,
    inputs: [of(2, 3, 5 * 6)],
    run: (device, x) =>
      rope(x!, ropeTable(device, ropeFrequencies({ headSize: 6 }), { length: 3 }), { heads: 5, rotated: 4, pairing }),
  },
  {
    name: `rope of some dimensions at given positions, stretched, ${pairing}`,
    inputs: [of(2, 2, 3 * 7)],
    run(device, x) {
      const frequencies = ropeFrequencies({
        headSize: 7,
        rotary: 4,
        scaling: { type: 'yarn', factor: 4, trained: 8 },
      });
      const table = ropeTable(device, frequencies, ids(device, [11, 0, 3, 11], [2, 2]));
      return rope(x!, table, { heads: 3, pairing });
    },
  },
]);
