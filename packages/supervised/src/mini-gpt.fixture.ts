// The course page's MiniGPT with the stated numbers of bench/peers/minigpt_reference.py, and the sequences of bench/peers/tuning_steps.py.
import { ParameterTree, plainWeights, referenceDevice, type Parameter } from '@ingot/tensor';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { rewardHead } from '@ingot/training';

const inBlock = ['attention.qkv', 'attention.projection', 'mlp.up', 'mlp.down', 'norm1', 'norm2'].flatMap((name) => [
  `${name}.weight`,
  `${name}.bias`,
]);
/** Our names in the order of torch's named_parameters; the reward head comes last. */
const order = [
  'wte.weight',
  'wpe.weight',
  ...[0, 1].flatMap((i) => inBlock.map((name) => `blocks.${i}.${name}`)),
  'norm.weight',
  'norm.bias',
  'reward.weight',
];

/** Parameter q, number j: f32(0.1·sin(1 + 0.37j + 1.7q)), plus 1 for the weights of norms. */
function stated(parameter: Parameter): Float32Array {
  const q = order.indexOf(parameter.name);
  const shift = /norm\d?\.weight$/.test(parameter.name) ? 1 : 0;
  return Float32Array.from({ length: parameter.size }, (_, j) =>
    Math.fround(Math.fround(0.1 * Math.sin(1 + 0.37 * j + 1.7 * q)) + shift),
  );
}

/** The model on the reference device, with a reward head where asked. */
export function miniGpt({ reward = false, untied = false } = {}) {
  const device = referenceDevice();
  const design = gptDesign(
    {
      layers: 2,
      heads: 4,
      width: 32,
      context: 512,
      gelu: 'tanh',
      preset: 'minigpt',
      ...(untied ? { tied: false } : {}),
    },
    { json: {}, vocabSize: 64, digest: 'mini' },
  );
  const parameters = ParameterTree.create(device, [
    ...gptFamily.parameters(design),
    ...(reward ? [rewardHead(32)] : []),
  ]);
  for (const parameter of parameters.values()) parameter.load(stated(parameter));
  return { device, family: gptFamily, design, parameters, weights: plainWeights(parameters) };
}

/** 6 + (5s mod 9) tokens; token t is (11s + 5t + (s + 1)t²) mod 64. */
export const sequence = (s: number): Int32Array =>
  Int32Array.from({ length: 6 + ((5 * s) % 9) }, (_, t) => (11 * s + 5 * t + (s + 1) * t * t) % 64);
/** Where what is learnt of a sequence begins. */
export const promptLength = (s: number): number => 2 + (s % 3);
/** A sequence with the weights of its tokens. */
export const weighted = (s: number) => {
  const ids = sequence(s);
  return { ids, weights: Float32Array.from(ids, (_, t) => (t < promptLength(s) ? 0 : s % 4 === 3 ? 0.5 : 1)) };
};
