// The fused kernels over the addon.
import type { AttentionShape, AttentionSpec, GatedKind, Kernels } from '@ingot/tensor';
import type { Caller } from './caller.js';

const shapeOf = ({ batch, length, heads, kvHeads, headSize, window = 0 }: AttentionShape): number[] => [
  batch,
  length,
  heads,
  kvHeads,
  headSize,
  window,
];
const scalesOf = ({ scale, softcap = 0 }: AttentionShape): number[] => [scale, softcap];

// In the order of the enum in gated.h.
const GATED = {
  silu: 0,
  'gelu-erf': 1,
  'gelu-tanh': 2,
  relu: 3,
} as const satisfies Record<GatedKind, number>;

/** All kernels of the contract. */
export const kernels = (
  caller: Caller,
  upload: (data: Int32Array) => { readonly handle: number },
  free: (made: never) => void,
): Kernels => {
  const { handle } = { handle: caller.handle.bind(caller) };
  const attentionInts = (spec: AttentionSpec) => [
    ...shapeOf(spec),
    Number(spec.causal),
    handle(spec.qkv),
    handle(spec.documents),
  ];
  return {
    linear: ({ x, weight, bias, rows, inputs, outputs }) =>
      caller.float('linear', [rows, inputs, outputs, handle(x), handle(weight), handle(bias)], rows * outputs),
    linearGelu({ x, weight, bias, rows, inputs, outputs }, kind) {
      const [y, activated] = caller.call(
        'linearGelu',
        [Number(kind === 'erf'), rows, inputs, outputs, handle(x), handle(weight), handle(bias)],
        [],
        [
          ['f32', rows * outputs],
          ['f32', rows * outputs],
        ],
      );
      return { y: y!, activated: activated! };
    },
    gelu: (x, kind) => caller.float('gelu', [Number(kind === 'erf'), x.length, handle(x)], x.length),
    geluBackward: (x, dy, kind) =>
      caller.float('geluBackward', [Number(kind === 'erf'), x.length, handle(x), handle(dy)], x.length),
    silu: (x) => caller.float('silu', [x.length, handle(x)], x.length),
    siluBackward: (x, dy) => caller.float('siluBackward', [x.length, handle(x), handle(dy)], x.length),
    gated: ({ x, rows, columns, kind }) =>
      caller.float('gated', [GATED[kind], rows, columns, handle(x)], rows * columns),
    gatedBackward: ({ x, dy, rows, columns, kind }) =>
      caller.float('gatedBackward', [GATED[kind], rows, columns, handle(x), handle(dy)], x.length),
    layerNorm({ x, weight, bias, rows, columns, epsilon }) {
      const [y, mean, rstd] = caller.call(
        'layerNorm',
        [rows, columns, handle(x), handle(weight), handle(bias)],
        [epsilon],
        [
          ['f32', rows * columns],
          ['f32', rows],
          ['f32', rows],
        ],
      );
      return { y: y!, mean: mean!, rstd: rstd! };
    },
    layerNormBackward: ({ x, weight, dy, mean, rstd, dWeight, dBias, rows, columns }) =>
      caller.float(
        'layerNormBackward',
        [
          rows,
          columns,
          handle(x),
          handle(weight),
          handle(dy),
          handle(mean),
          handle(rstd),
          handle(dWeight),
          handle(dBias),
        ],
        rows * columns,
      ),
    rmsNorm({ x, weight, rows, columns, epsilon, offset }) {
      const [y, rstd] = caller.call(
        'rmsNorm',
        [rows, columns, handle(x), handle(weight), offset],
        [epsilon],
        [
          ['f32', rows * columns],
          ['f32', rows],
        ],
      );
      return { y: y!, rstd: rstd! };
    },
    rmsNormBackward: ({ x, weight, dy, rstd, dWeight, rows, columns, offset }) =>
      caller.float(
        'rmsNormBackward',
        [rows, columns, handle(x), handle(weight), offset, handle(dy), handle(rstd), handle(dWeight)],
        rows * columns,
      ),
    rope: ({ x, table, rows, tableRows, heads, rotated, headSize, rotary, pairing, back }) =>
      caller.float(
        'rope',
        [
          rows,
          tableRows,
          heads,
          rotated,
          headSize,
          rotary,
          Number(pairing === 'interleaved'),
          Number(back),
          handle(x),
          handle(table),
        ],
        x.length,
      ),
    attention(spec) {
      const { batch, length, heads, headSize } = spec;
      const [y, logSumExp] = caller.call('attention', attentionInts(spec), scalesOf(spec), [
        ['f32', batch * length * heads * headSize],
        ['f32', batch * heads * length],
      ]);
      return { y: y!, logSumExp: logSumExp! };
    },
    attentionBackward: (spec) =>
      caller.float(
        'attentionBackward',
        [...attentionInts(spec), handle(spec.y), handle(spec.dy), handle(spec.logSumExp)],
        spec.qkv.length,
        scalesOf(spec),
      ),
    attentionCached(spec) {
      const { batch, length, heads, headSize, slots, starts } = spec;
      const places = upload(Int32Array.from([...slots, ...starts]));
      try {
        return caller.float(
          'attentionCached',
          [...shapeOf(spec), spec.capacity, handle(spec.qkv), handle(spec.keys), handle(spec.values), places.handle],
          batch * length * heads * headSize,
          scalesOf(spec),
        );
      } finally {
        free(places as never);
      }
    },
    linearCrossEntropy({ x, weight, targets, rows, inputs, outputs }) {
      const [loss, logSumExp] = caller.call(
        'linearCrossEntropy',
        [rows, inputs, outputs, handle(x), handle(weight), handle(targets)],
        [],
        [
          ['f32', rows],
          ['f32', rows],
        ],
      );
      return { loss: loss!, logSumExp: logSumExp! };
    },
    linearCrossEntropyBackward: ({ x, weight, targets, logSumExp, dLoss, dWeight, rows, inputs, outputs }) =>
      caller.float(
        'linearCrossEntropyBackward',
        [
          rows,
          inputs,
          outputs,
          handle(x),
          handle(weight),
          handle(targets),
          handle(logSumExp),
          handle(dLoss),
          handle(dWeight),
        ],
        rows * inputs,
      ),
    dropout: ({ x, rate, key, counter }) =>
      caller.float('dropout', [x.length, handle(x), key[0], key[1]], x.length, [counter, rate]),
    adamw: ({ parameter, first, second, gradient, lr, beta1, beta2, epsilon, weightDecay, step, gradientScale }) =>
      caller.inPlace(
        'adamw',
        [parameter.length, handle(parameter), handle(first), handle(second), handle(gradient)],
        [lr, beta1, beta2, epsilon, weightDecay, step, gradientScale],
      ),
    lion: ({ parameter, momentum, gradient, lr, beta1, beta2, weightDecay, gradientScale }) =>
      caller.inPlace(
        'lion',
        [parameter.length, handle(parameter), handle(momentum), handle(gradient)],
        [lr, beta1, beta2, weightDecay, gradientScale],
      ),
    squaredNorm(x) {
      caller.inPlace('squaredNorm', [x.length, handle(x)]);
      return caller.result;
    },
  };
};
