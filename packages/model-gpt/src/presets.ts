// Published shapes of the GPT-2 family, with their own vocabulary and context, and the course page's MiniGPT.
import type { GptConfig } from './config.js';

const gpt2Like = (layers: number, heads: number, width: number, context = 1024): GptConfig => ({
  layers,
  heads,
  width,
  hidden: 4 * width,
  context,
  vocabSize: 50257,
  bias: true,
  tied: true,
  dropout: 0,
  gelu: 'tanh',
  epsilon: 1e-5,
  initStd: 0.02,
  residualScaling: true,
});

/**
 * Shapes by name. Radford et al. 2019, table 2; Brown et al. 2020, table 2.1 (175B and "small"); the page's `MiniGPT(50257, 256, 4, 8, 512)`.
 * Dropout is 0 everywhere: the choice belongs to the training run (GPT-2 used 0.1).
 */
export const presets = {
  gpt2: gpt2Like(12, 12, 768),
  'gpt2-medium': gpt2Like(24, 16, 1024),
  'gpt2-large': gpt2Like(36, 20, 1280),
  'gpt2-xl': gpt2Like(48, 25, 1600),
  'gpt3-small': gpt2Like(12, 12, 768, 2048),
  gpt3: gpt2Like(96, 96, 12288, 2048),
  minigpt: { ...gpt2Like(4, 8, 256, 512), gelu: 'erf', residualScaling: false },
} satisfies Readonly<Record<string, GptConfig>>;
/** The name of a published shape. */
export type PresetName = keyof typeof presets;
/** All names of `presets`, for option schemas and messages. */
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];
