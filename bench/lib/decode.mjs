// Our decoding of a model with random weights, in a process of its own. Usage: node decode.mjs <device> <threads> <B> <prompt> <tokens>
import { generateSync } from '../../packages/decoding/dist/index.js';
import { gptDesign, gptFamily } from '../../packages/model-gpt/dist/index.js';
import { plainWeights } from '../../packages/tensor/dist/index.js';
import { initialParameters } from '../../packages/training/dist/index.js';
import { SHAPES } from './cases.mjs';
import { openDevice } from './devices.mjs';
import { peaks, resident } from './memory.mjs';

const [on, ...rest] = process.argv.slice(2);
const [threads, B, prompt, tokens] = rest.map(Number);
const [V, d, L, h] = SHAPES.gpt2;
const idle = resident();
const device = await openDevice(on, threads);
const design = gptDesign({ layers: L, heads: h, width: d, context: 1024 }, { json: {}, vocabSize: V, digest: 'none' });
const parameters = initialParameters(device, gptFamily.parameters(design), 1);
const model = { device, family: gptFamily, design, weights: plainWeights(parameters) };
const prompts = Array.from({ length: B }, (_row, b) =>
  Array.from({ length: prompt }, (_, i) => ((b + 1) * 7919 + i * 31) % V),
);
const greedy = (logits) => {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  return Float32Array.from(logits, (_, i) => (i === best ? 0 : -Infinity));
};
const once = (count) => {
  const began = performance.now();
  for (const _ of generateSync(model, { prompts, tokens: count, samplers: [greedy], logProbabilities: false }));
  return performance.now() - began;
};
once(4);
const first = once(1);
const whole = once(tokens);
console.log(
  JSON.stringify({
    device: device.about,
    prefillMilliseconds: first,
    tokensPerSecond: (B * (tokens - 1) * 1000) / (whole - first),
    ...peaks(idle),
  }),
);
device.dispose();
