// A small GPT trained on a device of ours, from the built packages: what the programs of these tests have in common.
import { createHash } from 'node:crypto';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { plainWeights } from '@ingot/tensor';
import { nativeDevice, wasmDevice } from '@ingot/tensor-native';
import { accumulate, adamw, batchLoss, initialParameters, scored } from '@ingot/training';

const [V, T, B] = [61, 32, 8];

/** The device `native` or `wasm`, with two threads unless said. */
export const open = async (name, threads = 2) =>
  name === 'native' ? nativeDevice({ threads }) : await wasmDevice({ threads });

/** A model and its optimiser; `step()` trains one step, `digest()` names the bits of all parameters. */
export const smallGpt = (device, seed) => {
  const design = gptDesign(
    { layers: 2, heads: 4, width: 64, context: T, dropout: 0.1 },
    { json: {}, vocabSize: V, digest: 'none' },
  );
  const parameters = initialParameters(device, gptFamily.parameters(design), seed);
  const optimiser = adamw().start(parameters);
  const model = { device, family: gptFamily, design, weights: plainWeights(parameters) };
  let done = 0;
  return {
    step() {
      const ids = Int32Array.from({ length: B * T }, (_, i) => (i * 7 + done * 3 + seed) % V);
      const batch = { ids, targets: ids.map((id) => (id + 1) % V), rows: B, length: T };
      accumulate(
        [batch],
        ({ targets }) => scored(targets),
        (micro) => batchLoss(model, micro, { dropout: { seed, step: done, firstRow: 0 } }),
      );
      optimiser.step(0.01, 1);
      parameters.zeroGradients();
      done++;
    },
    digest() {
      const bits = createHash('sha256');
      for (const parameter of parameters.values()) bits.update(new Uint8Array(parameter.read().buffer));
      return bits.digest('hex');
    },
    dispose() {
      optimiser.dispose();
      parameters.dispose();
    },
  };
};

/** The bits after so many steps. Lets others run after each. */
export const train = async (device, seed, steps) => {
  const model = smallGpt(device, seed);
  for (let i = 0; i < steps; i++) {
    model.step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const digest = model.digest();
  model.dispose();
  return digest;
};
