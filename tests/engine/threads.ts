// Whole training steps with any number of threads, on every build of the kernels: the same bits of loss, gradients and parameters.
import { createHash } from 'node:crypto';
import type { DesignValue, FamilyValue, OptimiserValue } from '@ingot/contracts';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { clipFactor, globalNorm, plainWeights, type Device } from '@ingot/tensor';
import { accumulate, adamw, batchLoss, initialParameters, lion, muon, scored } from '@ingot/training';
import { describe, expect, it } from 'vitest';
import { builds } from './builds.js';
import { groupedDesign, groupedFamily } from './grouped-family.js';

/** Odd sizes, but large enough that every kernel's work is cut: a linear layer's output has more elements than a thread keeps to itself. */
const [V, T, B] = [307, 29, 7];
const tokenizer = { json: {}, vocabSize: V, digest: 'none' };

interface Case {
  readonly family: FamilyValue;
  readonly design: DesignValue;
  readonly optimiser: OptimiserValue;
}
const cases = {
  'a GPT, tied, dropout, AdamW': {
    family: gptFamily,
    design: gptDesign({ layers: 2, heads: 4, width: 52, context: T, dropout: 0.1 }, tokenizer),
    optimiser: adamw({ lr: 0.01 }),
  },
  'a GPT, untied, exact GELU, Lion': {
    family: gptFamily,
    design: gptDesign({ layers: 1, heads: 3, width: 51, context: T, tied: false, gelu: 'erf' }, tokenizer),
    optimiser: lion({ lr: 0.001 }),
  },
  'grouped heads, a window, a gated MLP, Muon': {
    family: groupedFamily,
    design: groupedDesign(
      { layers: 2, heads: 6, kvHeads: 2, headSize: 10, hidden: 131, window: 11, softcap: 20 },
      V,
      T,
    ),
    optimiser: muon(),
  },
} as const satisfies Record<string, Case>;

/** The bits of each step's loss and gradients, then of the parameters, in hexadecimal. */
const train = (device: Device, { family, design, optimiser }: Case, steps: number): string[] => {
  const parameters = initialParameters(device, family.parameters(design), 5);
  const work = optimiser.start(parameters);
  const model = { device, family, design, weights: plainWeights(parameters) };
  const bitsOf = (what: readonly (Float32Array | Int32Array)[]): string => {
    const hash = createHash('sha256');
    for (const data of what) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return hash.digest('hex').slice(0, 16);
  };
  const bits = Array.from({ length: steps }, (_, step) => {
    const ids = Int32Array.from({ length: B * T }, (__, i) => (i * i * 7 + step * 31) % V);
    // Some positions are not scored: their rows are gathered away before the head.
    const targets = ids.map((id, i) => (i % 5 === 3 ? -1 : (id * 3 + 1) % V));
    const { loss } = accumulate(
      [{ ids, targets, rows: B, length: T }],
      (micro) => scored(micro.targets),
      (micro) => batchLoss(model, micro, { dropout: { seed: 3, step, firstRow: 0 } }),
    );
    const gradients = parameters.values().map((parameter) => parameter.gradient!.read());
    work.step(1, clipFactor(globalNorm(parameters), 1));
    parameters.zeroGradients();
    return `${loss} ${bitsOf(gradients)}`;
  });
  bits.push(bitsOf(parameters.values().map((parameter) => parameter.read())));
  work.dispose();
  parameters.dispose();
  return bits;
};

/** Registers a test for each build and model: so many steps with one thread, then with each of `counts`. */
export const threadBits = (steps: number, counts: readonly number[]): void =>
  describe.each(builds)('$name', ({ open }) => {
    it.each(Object.entries(cases))(
      `${steps} steps of %s: the same bits with 1, ${counts.join(', ')} threads`,
      async (_, one) => {
        const alone = await open(1);
        const wanted = train(alone, one, steps);
        expect(new Set(wanted).size).toBe(steps + 1);
        for (const threads of counts) {
          const device = await open(threads);
          expect(device.about).toContain(`${threads} threads`);
          expect(train(device, one, steps), `${threads} threads`).toEqual(wanted);
          device.dispose();
        }
        alone.dispose();
      },
    );
  });
