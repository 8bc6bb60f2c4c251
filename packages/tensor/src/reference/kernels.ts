// The fused kernels of the reference device, written plainly: the oracle that other devices' kernels are compared with.
import type { Storage } from '../device.js';
import type { Kernels } from '../kernels.js';
import { uniform } from '../random.js';
import { attention, attentionBackward, attentionCached } from './attention.js';
import { linearCrossEntropy, linearCrossEntropyBackward } from './cross-entropy.js';
import { gated, gatedBackward, silu } from './gated.js';
import { addProduct } from './matmul.js';
import { layerNorm, layerNormBackward } from './norm.js';
import { adamw, lion } from './optimisers.js';
import { rmsNorm, rmsNormBackward } from './rms-norm.js';
import { rope } from './rope.js';
import { gelus } from './special.js';
import type { HostMemory } from './storage.js';

/** All kernels over one memory. */
export function referenceKernels(memory: HostMemory): Kernels {
  const f32 = (x: Storage): Float32Array => memory.f32(x);
  const maybe = (x: Storage | undefined): Float32Array | undefined => x && memory.f32(x);
  const keep = (x: Float32Array): Storage => memory.keep(x);
  const linear: Kernels['linear'] = ({ x, weight, bias, rows, inputs, outputs }) => {
    const y = new Float32Array(rows * outputs);
    addProduct(y, f32(x), f32(weight), {
      batch: 1,
      m: rows,
      n: outputs,
      k: inputs,
      transposeA: false,
      transposeB: true,
      sharedB: false,
    });
    if (bias !== undefined) {
      const b = f32(bias);
      for (let r = 0; r < rows; r++) for (let o = 0; o < outputs; o++) y[r * outputs + o] = y[r * outputs + o]! + b[o]!;
    }
    return keep(y);
  };
  const gelu: Kernels['gelu'] = (x, kind) => keep(f32(x).map(gelus[kind].value));
  return {
    linear,
    linearGelu(spec, kind) {
      const y = linear(spec);
      return { y, activated: gelu(y, kind) };
    },
    gelu,
    geluBackward(x, dy, kind) {
      const slope: (x: number) => number = gelus[kind].slope;
      const upstream = f32(dy);
      return keep(f32(x).map((value, i) => slope(value) * upstream[i]!));
    },
    silu: (x) => keep(f32(x).map(silu.value)),
    siluBackward(x, dy) {
      const upstream = f32(dy);
      return keep(f32(x).map((value, i) => silu.slope(value) * upstream[i]!));
    },
    gated: (spec) => keep(gated({ ...spec, x: f32(spec.x) })),
    gatedBackward: (spec) => keep(gatedBackward({ ...spec, x: f32(spec.x), dy: f32(spec.dy) })),
    layerNorm({ x, weight, bias, rows, columns, epsilon }) {
      const { y, mean, rstd } = layerNorm(f32(x), f32(weight), maybe(bias), rows, columns, epsilon);
      return { y: keep(y), mean: keep(mean), rstd: keep(rstd) };
    },
    layerNormBackward: (spec) =>
      keep(
        layerNormBackward({
          x: f32(spec.x),
          weight: f32(spec.weight),
          dy: f32(spec.dy),
          mean: f32(spec.mean),
          rstd: f32(spec.rstd),
          rows: spec.rows,
          columns: spec.columns,
          dWeight: maybe(spec.dWeight),
          dBias: maybe(spec.dBias),
        }),
      ),
    rmsNorm(spec) {
      const { y, rstd } = rmsNorm({ ...spec, x: f32(spec.x), weight: maybe(spec.weight) });
      return { y: keep(y), rstd: keep(rstd) };
    },
    rmsNormBackward: (spec) =>
      keep(
        rmsNormBackward({
          ...spec,
          x: f32(spec.x),
          weight: maybe(spec.weight),
          dy: f32(spec.dy),
          rstd: f32(spec.rstd),
          dWeight: maybe(spec.dWeight),
        }),
      ),
    rope: (spec) => keep(rope({ ...spec, x: f32(spec.x), table: f32(spec.table) })),
    attention(spec) {
      const { y, logSumExp } = attention({
        ...spec,
        qkv: f32(spec.qkv),
        documents: spec.documents && memory.i32(spec.documents),
      });
      return { y: keep(y), logSumExp: keep(logSumExp) };
    },
    attentionBackward: (spec) =>
      keep(
        attentionBackward({
          ...spec,
          qkv: f32(spec.qkv),
          documents: spec.documents && memory.i32(spec.documents),
          y: f32(spec.y),
          dy: f32(spec.dy),
          logSumExp: f32(spec.logSumExp),
        }),
      ),
    attentionCached: (spec) =>
      keep(attentionCached({ ...spec, qkv: f32(spec.qkv), keys: f32(spec.keys), values: f32(spec.values) })),
    linearCrossEntropy(spec) {
      const { loss, logSumExp } = linearCrossEntropy({
        ...spec,
        x: f32(spec.x),
        weight: f32(spec.weight),
        targets: memory.i32(spec.targets),
      });
      return { loss: keep(loss), logSumExp: keep(logSumExp) };
    },
    linearCrossEntropyBackward: (spec) =>
      keep(
        linearCrossEntropyBackward({
          ...spec,
          x: f32(spec.x),
          weight: f32(spec.weight),
          targets: memory.i32(spec.targets),
          logSumExp: f32(spec.logSumExp),
          dLoss: f32(spec.dLoss),
          dWeight: maybe(spec.dWeight),
        }),
      ),
    dropout({ x, rate, key, counter }) {
      const draws = uniform(x.length, key, counter);
      const keepScale = 1 / (1 - rate);
      return keep(f32(x).map((value, i) => (draws[i]! < rate ? 0 : value * keepScale)));
    },
    adamw: (spec) =>
      adamw({
        ...spec,
        parameter: f32(spec.parameter),
        first: f32(spec.first),
        second: f32(spec.second),
        gradient: f32(spec.gradient),
      }),
    lion: (spec) =>
      lion({ ...spec, parameter: f32(spec.parameter), momentum: f32(spec.momentum), gradient: f32(spec.gradient) }),
    squaredNorm(x) {
      let sum = 0;
      for (const value of f32(x)) sum += value * value;
      return sum;
    },
  };
}
