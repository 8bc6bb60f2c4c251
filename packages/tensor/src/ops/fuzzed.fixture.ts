// Ops with random sizes and options by a round's number, for fuzzing: devices against each other, kernels against compositions.
import {
  attention,
  backwardFrom,
  type Device,
  gated,
  layerNorm,
  linear,
  linearCrossEntropy,
  normal,
  ParameterTree,
  philox4x32,
  rmsNorm,
  rope,
  ropeFrequencies,
  ropeTable,
  scope,
  tensor,
  type Tensor,
} from '../index.js';

/** Whole numbers from 1 to `most`, by round and place. */
function sizes(round: number, most: readonly number[]): number[] {
  return most.map((limit, i) => 1 + (philox4x32([round, i, 0, 0], [0xf022, 2])[0] % limit));
}

/** An op on inputs of these shapes. */
export interface Fuzzed {
  readonly inputs: readonly (readonly number[])[];
  run(device: Device, inputs: readonly Tensor[]): Tensor;
}

/** Each op's sizes and options in a round. */
export const fuzzedOps = {
  linear(round) {
    const [rows = 1, inputs = 1, outputs = 1, odd = 1] = sizes(round, [40, 70, 70, 2]);
    return {
      inputs: [[rows, inputs], [outputs, inputs], [outputs]],
      run: (_, [x, w, b]) => linear(x!, w!, odd === 1 ? b : undefined, { gelu: round % 2 ? 'erf' : 'tanh' }),
    };
  },
  layerNorm(round) {
    const [a = 1, b = 1, columns = 1] = sizes(round, [7, 9, 150]);
    return { inputs: [[a, b, columns], [columns], [columns]], run: (_, [x, w, c]) => layerNorm(x!, w!, c, 1e-3) };
  },
  rmsNorm(round) {
    const [a = 1, b = 1, columns = 1, offset = 1] = sizes(round, [7, 9, 150, 2]);
    return {
      inputs: [[a, b, columns], [columns]],
      run: (_, [x, w]) => rmsNorm(x!, round % 3 ? w : undefined, 1e-3, { offset: offset === 1 ? 1 : 0 }),
    };
  },
  gated(round) {
    const [rows = 1, columns = 1] = sizes(round, [20, 80]);
    const kinds = ['silu', 'gelu-erf', 'gelu-tanh'] as const;
    return { inputs: [[rows, 2 * columns]], run: (_, [x]) => gated(x!, kinds[round % 3] ?? 'silu') };
  },
  rope(round) {
    const [batch = 1, length = 1, heads = 1, half = 1, rest = 1] = sizes(round, [3, 9, 5, 9, 4]);
    const [rotated = 1] = sizes(round + 3_000_000, [heads]);
    const headSize = 2 * half + rest - 1;
    const positions = sizes(
      round + 4_000_000,
      Array.from({ length: batch * length }, () => 5000),
    );
    return {
      inputs: [[batch, length, heads * headSize]],
      run(device, [x]) {
        const frequencies = ropeFrequencies({ headSize, rotary: 2 * half });
        const places = round % 2 ? tensor(device, positions, [batch, length], 'i32') : { length, start: round };
        const table = ropeTable(device, frequencies, places);
        return rope(x!, table, { heads, rotated, pairing: round % 3 ? 'half' : 'interleaved' });
      },
    };
  },
  attention(round) {
    const [batch = 1, length = 1, kvHeads = 1, group = 1, size = 1, mask = 1, causal = 1, window = 1, cap = 1] = sizes(
      round,
      [3, 30, 3, 3, 9, 2, 2, 40, 4],
    );
    const heads = kvHeads * group;
    const documents = sizes(
      round + 1_000_000,
      Array.from({ length: batch * length }, () => 4),
    ).map((n) => n - 2);
    return {
      inputs: [[batch, length, (heads + 2 * kvHeads) * size]],
      run: (device, [qkv]) =>
        attention(qkv!, {
          heads,
          kvHeads,
          causal: causal === 1,
          ...(window <= 32 && { window }),
          ...(cap <= 2 && { softcap: cap }),
          ...(mask === 1 && { documents: tensor(device, documents, [batch, length], 'i32') }),
        }),
    };
  },
  linearCrossEntropy(round) {
    const [rows = 1, inputs = 1, outputs = 1] = sizes(round, [30, 40, 300]);
    const targets = sizes(
      round + 2_000_000,
      Array.from({ length: rows }, () => outputs + 1),
    ).map((n) => n - 2);
    return {
      inputs: [
        [rows, inputs],
        [outputs, inputs],
      ],
      run: (device, [x, w]) => linearCrossEntropy(x!, w!, tensor(device, targets, [rows], 'i32')),
    };
  },
} as const satisfies Record<string, (round: number) => Fuzzed>;

/** The output and the gradients of all inputs, which are standard normal numbers of the round, one after another. */
export function outputAndGradients(device: Device, { inputs, run }: Fuzzed, round: number): Float64Array {
  const tree = ParameterTree.create(
    device,
    inputs.map((shape, i) => ({ name: `${i}`, shape })),
  );
  tree.values().forEach((parameter, i) => parameter.load(normal(parameter.size, [round, i])));
  const output = scope(() => {
    const y = run(device, tree.values());
    backwardFrom(y, tensor(device, normal(y.size, [round, 99]), y.shape));
    return [...y.read()];
  });
  const gradients = tree.values().flatMap((parameter) => [...(parameter.gradient?.read() ?? [])]);
  tree.dispose();
  return Float64Array.from([...output, ...gradients]);
}
