// Fuzz cases of the fused kernels: ops with their gradients, attention over a cache, the optimisers' steps.
import {
  attentionCached,
  dropout,
  gelu,
  KeyValueCache,
  noGrad,
  scope,
  silu,
  tensor,
  type Device,
  type Kernels,
} from '@ingot/tensor';
// The ops' sizes and options are those of tensor's own fuzzing.
import { fuzzedOps, outputAndGradients, type Fuzzed } from '../../../packages/tensor/src/ops/fuzzed.fixture.js';
import type { FuzzCase, MakeCase } from './case.js';
import type { Draws } from './draws.js';

/** An op's output and gradients; its numbers follow from the round. */
const ofOp = (op: string, one: Fuzzed, round: number): FuzzCase => ({
  about: { op, round, inputs: one.inputs },
  relativeTo: 'largest',
  tolerance: 4e-5, // a gradient sums what the output summed once more
  run: (device) => [Float32Array.from(outputAndGradients(device, one, round))],
});
const kernelsOf = ({ kernels }: Device): Kernels => kernels as Kernels;
const lengthOf = (draws: Draws): number => (draws.chance(0.1) ? draws.whole(16_000, 40_000) : draws.whole(1, 300));
const round = (draws: Draws): number => draws.whole(0, 1e6);

export const kernels = {
  linear: (draws) => inRound('linear', draws),
  layerNorm: (draws) => inRound('layerNorm', draws),
  rmsNorm: (draws) => inRound('rmsNorm', draws),
  gated: (draws) => inRound('gated', draws),
  rope: (draws) => inRound('rope', draws),
  attention: (draws) => inRound('attention', draws),
  moreAttention: (draws) => inRound('attention', draws),
  linearCrossEntropy: (draws) => inRound('linearCrossEntropy', draws),
  activation(draws) {
    const length = lengthOf(draws);
    const which = draws.pick(['silu', 'gelu erf', 'gelu tanh', 'dropout'] as const);
    const rate = draws.pick([0, 0.1, 0.5, 0.9]);
    const run = {
      silu,
      'gelu erf': (x) => gelu(x, 'erf'),
      'gelu tanh': (x) => gelu(x, 'tanh'),
      dropout: (x) => dropout(x, { rate, key: [3, length], counter: 2 ** 33 }),
    } satisfies Record<typeof which, typeof silu>;
    return ofOp(`${which} ${rate}`, { inputs: [[length]], run: (_, [x]) => run[which](x!) }, round(draws));
  },
  attentionCached(draws) {
    const kvHeads = draws.whole(1, 3);
    const heads = kvHeads * draws.whole(1, 3);
    const headSize = draws.size(17);
    const [batch, spare] = [draws.whole(1, 4), draws.whole(0, 2)];
    const options = {
      heads,
      kvHeads,
      ...(draws.chance(0.3) && { window: draws.whole(1, 40) }),
      ...(draws.chance(0.3) && { softcap: draws.whole(1, 30) }),
    };
    const slots = [...Array(batch + spare).keys()]
      .map((slot) => [draws.whole(0, 1e6), slot] as const)
      .toSorted(([p], [q]) => p - q)
      .map(([, slot]) => slot);
    // Each sequence has a past of its own length, then all get the same number of new positions.
    const pasts = slots.slice(0, batch).map(() => draws.whole(0, draws.chance(0.1) ? 200 : 30));
    const count = draws.pick([1, 1, 2, draws.whole(1, 80)]);
    const capacity = Math.max(...pasts) + count + draws.whole(0, 3);
    const width = (heads + 2 * kvHeads) * headSize;
    const before = pasts.map((past) => draws.numbers(past * width));
    const now = draws.numbers(batch * count * width);
    return {
      about: { ...options, headSize, batch, slots, pasts, count, capacity },
      relativeTo: 'largest',
      run(device) {
        const cache = KeyValueCache.create(device, {
          layers: 1,
          slots: batch + spare,
          capacity,
          width: kvHeads * headSize,
        });
        const feed = (some: readonly number[], data: Float32Array, length: number): Float32Array =>
          noGrad(() =>
            scope(() => {
              const qkv = tensor(device, data, [some.length, length, width]);
              const y = attentionCached(qkv, cache.view(some), 0, options).read() as Float32Array;
              cache.advance(some, length);
              return y;
            }),
          );
        const answers = pasts.map((past, i) => (past > 0 ? feed([slots[i]!], before[i]!, past) : new Float32Array(1)));
        answers.push(feed(slots.slice(0, batch), now, count));
        cache.dispose();
        return answers;
      },
    };
  },
  steps(draws) {
    const length = lengthOf(draws);
    const [p, m, g] = [draws.numbers(length), draws.numbers(length), draws.numbers(length)];
    const v = draws.numbers(length, { positive: true });
    const rates = { beta1: 0.9, beta2: draws.pick([0.95, 0.999]), weightDecay: draws.pick([0, 0.1]) };
    const how = { lr: 0.01, gradientScale: draws.pick([1, 0.37]), ...rates };
    const step = draws.pick([1, 2, 1000]);
    return {
      about: { length, step, ...how },
      relativeTo: 'each',
      run(device, put) {
        const [parameter, first, second, gradient] = [p, m, v, g].map(put);
        const [other, momentum] = [p, m].map(put);
        const { adamw, lion, squaredNorm } = kernelsOf(device);
        adamw({
          parameter: parameter!,
          first: first!,
          second: second!,
          gradient: gradient!,
          epsilon: 1e-8,
          step,
          ...how,
        });
        lion({ parameter: other!, momentum: momentum!, gradient: gradient!, ...how });
        return [parameter!, first!, second!, other!, momentum!, Float32Array.of(squaredNorm(gradient!))];
      },
    };
  },
} as const satisfies Record<string, MakeCase>;

function inRound(name: keyof typeof fuzzedOps, draws: Draws): FuzzCase {
  const number = round(draws);
  return ofOp(name, fuzzedOps[name](number), number);
}
