// The goldens' MiniGPT (section 7.10): V 64, C 32, L 2, H 4, context 512, with the stated parameters and tokens, loss and batches.
import { ParameterTree, plainWeights, referenceDevice, type Device, type Parameter } from '@ingot/tensor';
import type { DesignValue } from '@ingot/contracts';
import { gptDesign, gptFamily } from './index.js';

const blockOrder = [
  'attention.qkv.weight',
  'attention.qkv.bias',
  'attention.projection.weight',
  'attention.projection.bias',
  'mlp.up.weight',
  'mlp.up.bias',
  'mlp.down.weight',
  'mlp.down.bias',
  'norm1.weight',
  'norm1.bias',
  'norm2.weight',
  'norm2.bias',
];
/** Our names in the order of the page's named_parameters. */
const order = [
  'wte.weight',
  'wpe.weight',
  ...[0, 1].flatMap((i) => blockOrder.map((name) => `blocks.${i}.${name}`)),
  'norm.weight',
  'norm.bias',
];

/** Number q, element j: f32(0.1·sin(1 + 0.37j + 1.7q)), plus 1 for the weights of norms. */
function stated(parameter: Parameter): Float32Array {
  const q = order.indexOf(parameter.name);
  const shift = /norm\d?\.weight$/.test(parameter.name) ? 1 : 0;
  return Float32Array.from({ length: parameter.size }, (_, j) =>
    Math.fround(Math.fround(0.1 * Math.sin(1 + 0.37 * j + 1.7 * q)) + shift),
  );
}

/** The model on a device. */
export function miniGpt(gelu: 'erf' | 'tanh', device: Device = referenceDevice()) {
  const design: DesignValue = gptDesign(
    { layers: 2, heads: 4, width: 32, context: 512, gelu, preset: 'minigpt' },
    { json: {}, vocabSize: 64, digest: 'mini' },
  );
  const parameters = ParameterTree.create(device, gptFamily.parameters(design));
  for (const parameter of parameters.values()) parameter.load(stated(parameter));
  return { device, family: gptFamily, design, parameters, weights: plainWeights(parameters) };
}

/** tokens[b][t] = (7b + 3t + t²) mod 64, B 2, T 16. */
export const tokens = Int32Array.from(
  { length: 32 },
  (_, i) => (7 * Math.floor(i / 16) + 3 * (i % 16) + (i % 16) ** 2) % 64,
);
/** The next token; the last position of a row has none. */
export const batch = {
  ids: tokens,
  targets: tokens.map((_, i) => (i % 16 === 15 ? -1 : tokens[i + 1]!)),
  rows: 2,
  length: 16,
};
