// One training step of a GPT-2-shaped model, timed in a process of its own: forward, backward, clip to norm 1, AdamW, tied head, tanh GELU, fp32.
// Usage: node train-step.mjs <case | [V,d,L,h,T,B]> <steps> <threads> <device>     prints one JSON object
import {
  adamwStep,
  backward,
  clipFactor,
  globalNorm,
  mean,
  OptimiserState,
  plainWeights,
  scope,
  tensor,
} from '../../packages/tensor/dist/index.js';
import { gptDesign, gptFamily } from '../../packages/model-gpt/dist/index.js';
import { initialParameters } from '../../packages/training/dist/index.js';
import { SHAPES } from './cases.mjs';
import { openDevice } from './devices.mjs';
import { median } from './machine.mjs';
import { peaks, resident } from './memory.mjs';

const [name, steps, threads, on] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), process.argv[5]];
const [V, d, L, h, T, B] = SHAPES[name] ?? JSON.parse(name);
const idle = resident();
const device = await openDevice(on, threads);
const design = gptDesign({ layers: L, heads: h, width: d, context: T }, { json: {}, vocabSize: V, digest: 'none' });
const tree = initialParameters(device, gptFamily.parameters(design), 1);
const ids = Int32Array.from({ length: B * T }, (_, i) => (i * 7919) % V);
const targets = Int32Array.from({ length: B * T }, (_, i) => (i * 104729) % V);
const weights = plainWeights(tree);
const state = new OptimiserState();
const times = [];
for (let step = 0; step < steps + 2; step++) {
  const began = performance.now();
  scope(() => {
    const hidden = gptFamily.forward(design, weights, tensor(device, ids, [B, T], 'i32'));
    backward(
      mean(
        weights.crossEntropy(
          gptFamily.head(design),
          hidden.reshape([B * T, d]),
          tensor(device, targets, [B * T], 'i32'),
        ),
      ),
    );
  });
  adamwStep(tree, state, { lr: 1e-3, weightDecay: 0.1, gradientScale: clipFactor(globalNorm(tree), 1) });
  tree.zeroGradients();
  if (step >= 2) times.push(performance.now() - began);
}
const weightsInProducts = V * d + L * 12 * d * d; // the tied head counts once: its embedding is a lookup
console.log(
  JSON.stringify({
    device: device.about,
    case: name,
    milliseconds: median(times),
    // Kaplan et al. 2020, section 2.1, forward and backward: 6 a weight, and 12·T·d a layer for scores and values, causal half of it.
    flops: B * T * (6 * weightsInProducts + 6 * L * T * d),
    devicePeakBytes: device.memory().peak,
    ...peaks(idle),
  }),
);
