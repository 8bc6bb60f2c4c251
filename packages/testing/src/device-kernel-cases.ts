// Cases of the fused kernels for the device contract suite; a device that lacks a kernel skips its cases.
import type { Device } from '@ingot/tensor';
import { attentionKernelCases } from './device-attention-cases.js';
import { type Keep, type KernelCase, put, target } from './device-cases.js';
import { gatedKernelCases } from './device-gated-cases.js';
import { normKernelCases } from './device-norm-cases.js';
import { ropeKernelCases } from './device-rope-cases.js';
import { testNumbers } from './gradient-check.js';

const matrices = [
  [1, 1, 1],
  [3, 5, 7],
  [13, 37, 41],
  [1, 67, 19],
] as const;

const linear = matrices.flatMap(([rows, inputs, outputs]) =>
  [true, false].map((biased): KernelCase => ({
    kernel: 'linear',
    name: `linear (${rows}, ${inputs}) -> ${outputs}${biased ? '' : ' without bias'}`,
    run: (device, kernels, keep) => [
      kernels.linear({
        x: put(device, keep, rows * inputs, 31),
        weight: put(device, keep, outputs * inputs, 32),
        bias: biased ? put(device, keep, outputs, 33) : undefined,
        rows,
        inputs,
        outputs,
      }),
    ],
  })),
);

const linearGelu = matrices.flatMap(([rows, inputs, outputs]) =>
  (['erf', 'tanh'] as const).map((kind): KernelCase => ({
    kernel: 'linearGelu',
    name: `linearGelu ${kind} (${rows}, ${inputs}) -> ${outputs}`,
    run: (device, kernels, keep) => {
      const { y, activated } = kernels.linearGelu(
        {
          x: put(device, keep, rows * inputs, 31),
          weight: put(device, keep, outputs * inputs, 32),
          bias: put(device, keep, outputs, 33),
          rows,
          inputs,
          outputs,
        },
        kind,
      );
      return [y, activated];
    },
  })),
);

const gelu = (['erf', 'tanh'] as const).flatMap((kind): KernelCase[] => [
  {
    kernel: 'gelu',
    name: `gelu ${kind}`,
    run: (device, kernels, keep) => [kernels.gelu(put(device, keep, 131, 34), kind)],
  },
  {
    kernel: 'gelu',
    name: `gelu ${kind} of ±10⁴ and 0`,
    run: (device, kernels, keep) => [kernels.gelu(keep(device.upload(Float32Array.of(-1e4, -20, 0, 20, 1e4))), kind)],
  },
  {
    kernel: 'geluBackward',
    name: `gelu ${kind} backward`,
    run: (device, kernels, keep) => [
      kernels.geluBackward(put(device, keep, 131, 34), put(device, keep, 131, 35), kind),
    ],
  },
]);

const norms = [
  [1, 1],
  [3, 7],
  [5, 131],
  // Enough for a second thread.
  [67, 257],
] as const;
const layerNorm = norms.flatMap(([rows, columns]) =>
  [true, false].flatMap((biased): KernelCase[] => {
    const spec = (device: Device, keep: Keep) => ({
      x: put(device, keep, rows * columns, 36),
      weight: put(device, keep, columns, 37),
      bias: biased ? put(device, keep, columns, 38) : undefined,
      rows,
      columns,
      epsilon: 1e-5,
    });
    const label = `(${rows}, ${columns})${biased ? '' : ' without bias'}`;
    return [
      {
        kernel: 'layerNorm',
        name: `layerNorm ${label}`,
        run(device, kernels, keep) {
          const { y, mean, rstd } = kernels.layerNorm(spec(device, keep));
          return [y, mean, rstd];
        },
      },
      {
        kernel: 'layerNormBackward',
        name: `layerNorm backward ${label}`,
        run(device, kernels, keep) {
          const input = spec(device, keep);
          const { y, mean, rstd } = kernels.layerNorm(input);
          for (const one of [y, mean, rstd]) keep(one);
          const dWeight = target(device, columns, 39);
          const dBias = biased ? target(device, columns, 40) : undefined;
          return [
            kernels.layerNormBackward({
              ...input,
              dy: put(device, keep, rows * columns, 41),
              mean,
              rstd,
              dWeight,
              dBias,
            }),
            dWeight,
            ...(dBias ? [dBias] : []),
          ];
        },
      },
    ];
  }),
);

const heads = [
  [1, 1, 1],
  [5, 7, 131],
  [3, 13, 1031],
] as const;
const crossEntropy = heads.flatMap(([rows, inputs, outputs]) =>
  [false, true].flatMap((unscored): KernelCase[] => {
    const spec = (device: Device, keep: Keep) => ({
      x: put(device, keep, rows * inputs, 47),
      weight: put(device, keep, outputs * inputs, 48),
      rows,
      inputs,
      outputs,
      targets: keep(
        device.upload(
          Int32Array.from({ length: rows }, (_, r) => (unscored && r % 2 === 0 ? -100 : (r * 97) % outputs)),
        ),
      ),
    });
    const label = `(${rows}, ${inputs}) -> ${outputs}${unscored ? ' with unscored rows' : ''}`;
    return [
      {
        kernel: 'linearCrossEntropy',
        name: `linearCrossEntropy ${label}`,
        run(device, kernels, keep) {
          const { loss, logSumExp } = kernels.linearCrossEntropy(spec(device, keep));
          keep(logSumExp);
          return [loss];
        },
      },
      {
        kernel: 'linearCrossEntropyBackward',
        name: `linearCrossEntropy backward ${label}`,
        run(device, kernels, keep) {
          const input = spec(device, keep);
          const { loss, logSumExp } = kernels.linearCrossEntropy(input);
          keep(loss);
          keep(logSumExp);
          const dWeight = target(device, outputs * inputs, 49);
          const frozen = kernels.linearCrossEntropyBackward({
            ...input,
            logSumExp,
            dLoss: put(device, keep, rows, 50),
            dWeight: undefined,
          });
          return [
            kernels.linearCrossEntropyBackward({ ...input, logSumExp, dLoss: put(device, keep, rows, 50), dWeight }),
            dWeight,
            frozen,
          ];
        },
      },
    ];
  }),
);

const broken = Float32Array.of(1, Number.NaN, -2);
const others: KernelCase[] = [
  {
    kernel: 'gelu',
    name: 'gelu of a NaN',
    run: (device, kernels, keep) =>
      (['erf', 'tanh'] as const).map((kind) => kernels.gelu(keep(device.upload(broken)), kind)),
  },
  {
    kernel: 'silu',
    name: 'silu of a NaN',
    run: (device, kernels, keep) => [kernels.silu(keep(device.upload(broken)))],
  },
  {
    kernel: 'dropout',
    name: 'dropout',
    run: (device, kernels, keep) => [
      kernels.dropout({ x: put(device, keep, 131, 51), rate: 0.3, key: [5, 6], counter: 12 }),
    ],
  },
  ...[1, 131].map((length): KernelCase => ({
    kernel: 'adamw',
    name: `adamw of ${length}`,
    run(device, kernels, keep) {
      const [parameter, first] = [target(device, length, 52), target(device, length, 53)];
      const second = device.upload(testNumbers([length], 54).map(Math.abs));
      kernels.adamw({
        parameter,
        first,
        second,
        gradient: put(device, keep, length, 55),
        lr: 0.01,
        beta1: 0.9,
        beta2: 0.95,
        epsilon: 1e-8,
        weightDecay: 0.1,
        step: 3,
        gradientScale: 0.5,
      });
      return [parameter, first, second];
    },
  })),
  ...[1, 131, 20_003].map((length): KernelCase => ({
    kernel: 'lion',
    name: `lion of ${length}`,
    run(device, kernels, keep) {
      const [parameter, momentum] = [target(device, length, 57), target(device, length, 58)];
      kernels.lion({
        parameter,
        momentum,
        gradient: put(device, keep, length, 59),
        lr: 0.01,
        beta1: 0.9,
        beta2: 0.99,
        weightDecay: 0.1,
        gradientScale: 0.5,
      });
      return [parameter, momentum];
    },
  })),
  {
    kernel: 'squaredNorm',
    name: 'squaredNorm',
    run: (device, kernels, keep) => [device.upload(Float32Array.of(kernels.squaredNorm(put(device, keep, 131, 56))))],
  },
];

/** Every kernel on odd sizes. */
export const kernelCases: readonly KernelCase[] = [
  ...linear,
  ...linearGelu,
  ...gelu,
  ...gatedKernelCases,
  ...layerNorm,
  ...normKernelCases,
  ...ropeKernelCases,
  ...attentionKernelCases,
  ...crossEntropy,
  ...others,
];
