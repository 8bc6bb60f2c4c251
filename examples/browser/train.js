// Trains a small model of letters in the page: three letters in, the next one out (Bengio et al. 2003), on the device `wasm`.
import {
  adamwStep,
  backward,
  embedding,
  linear,
  linearCrossEntropy,
  mean,
  normal,
  OptimiserState,
  ParameterTree,
  scope,
  tensor,
} from '@ingot/tensor';
import { wasmDevice } from '@ingot/tensor-native/wasm';

const TEXT = 'how much wood would a woodchuck chuck if a woodchuck could chuck wood? '.repeat(8);
const [BEFORE, STEPS] = [3, 200];

const began = performance.now();
const device = await wasmDevice({ threads: 2 }); // one where the page is not isolated
const letters = [...new Set(TEXT)].sort();
const ids = [...TEXT].map((letter) => letters.indexOf(letter));
const [N, V, E, H] = [ids.length - BEFORE, letters.length, 16, 128];

const model = ParameterTree.create(device, [
  { name: 'letters', shape: [V, E] },
  { name: 'up.weight', shape: [H, BEFORE * E] },
  { name: 'up.bias', shape: [H] },
  { name: 'head', shape: [V, H] },
]);
for (const [i, parameter] of model.values().entries())
  if (parameter.shape.length === 2)
    parameter.load(normal(parameter.size, [1, i]).map((x) => x / Math.sqrt(parameter.shape[1])));

const context = tensor(
  device,
  Array.from({ length: N * BEFORE }, (_, i) => ids[Math.floor(i / BEFORE) + (i % BEFORE)]),
  [N, BEFORE],
  'i32',
);
const next = tensor(device, ids.slice(BEFORE), [N], 'i32');
const optimiser = new OptimiserState();
const losses = [];
for (let step = 0; step < STEPS; step++) {
  losses.push(
    scope(() => {
      const x = embedding(model.get('letters'), context).reshape([N, BEFORE * E]);
      const hidden = linear(x, model.get('up.weight'), model.get('up.bias'), { gelu: 'tanh' });
      const loss = mean(linearCrossEntropy(hidden, model.get('head'), next));
      backward(loss);
      return loss.item();
    }),
  );
  adamwStep(model, optimiser, { lr: 0.01 });
  model.zeroGradients();
}

const result = {
  device: device.about,
  first: losses[0],
  last: losses.at(-1),
  ms: Math.round(performance.now() - began),
};
document.querySelector('#result').textContent =
  `${result.device}: loss ${result.first.toFixed(3)} → ${result.last.toFixed(3)} in ${STEPS} steps, ${result.ms} ms with loading`;
globalThis.trained = result;
