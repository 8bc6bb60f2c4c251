// The stage `gpt`: plays the role Architecture, so that another architecture swaps in by one word.
import { Architecture } from '@ingot/contracts';
import { text } from '@ingot/core';
import { configOf } from './config.js';
import { countParameters } from './count.js';
import { gptDesign, gptOptions } from './design.js';

/** tokenizer -> design. Says what was derived and how many parameters that makes. */
export const gptStage = Architecture.stage({
  name: 'gpt',
  version: 1,
  options: gptOptions,
  async *run({ inputs, options }) {
    const design = gptDesign(options, inputs.tokenizer);
    const { layers, heads, width, context, vocabSize } = configOf(design);
    const { total, body } = countParameters(configOf(design));
    yield text(
      `GPT of ${layers} layers, ${heads} heads, width ${width}, context ${context}, vocabulary ${vocabSize}: ${total.toLocaleString('en')} parameters, ${body.toLocaleString('en')} of them in the body.`,
    );
    return { design };
  },
});
