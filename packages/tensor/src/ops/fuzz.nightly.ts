// Fuzzing by hand: random sizes of every fused op, kernel against composition, outputs and gradients.
import { describe, expect, test } from 'vitest';
import { referenceDevice, withoutKernels } from '../index.js';
import { type Fuzzed, fuzzedOps, outputAndGradients } from './fuzzed.fixture.js';

const ROUNDS = 400;

describe.each(Object.entries(fuzzedOps))('%s', (_name, make) => {
  test(`${ROUNDS} random sizes: kernel and composition agree, and nothing is left`, () => {
    const device = referenceDevice();
    for (let round = 0; round < ROUNDS; round++) {
      const one: Fuzzed = make(round);
      const kernel = outputAndGradients(device, one, round);
      const composed = outputAndGradients(withoutKernels(device), one, round);
      const scale = Math.max(1, ...kernel.map(Math.abs));
      const worst = Math.max(...kernel.map((x, i) => Math.abs(x - (composed[i] ?? Number.NaN))));
      expect(composed.length).toBe(kernel.length);
      // fp32 steps of the composition against one rounding: some hundred terms.
      expect(worst, `round ${round}: ${JSON.stringify(one.inputs)}`).toBeLessThan(2e-5 * scale);
    }
    expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
  });
});
