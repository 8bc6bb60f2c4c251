// The family part `gpt`: what trainers, samplers and exporters find by a design's family name.
import * as z from 'zod';
import { Family, type FamilyValue } from '@ingot/contracts';
import { configOf } from './config.js';
import { estimateGpt } from './estimate.js';
import { gptForward } from './forward.js';
import { gptHuggingFace } from './hugging-face.js';
import { gptParameters } from './parameters.js';

/** The GPT-2 family, usable without the graph. */
export const gptFamily: FamilyValue = {
  name: 'gpt',
  version: 1,
  parameters: (design) => gptParameters(configOf(design)).map(({ name, shape, init }) => ({ name, shape, init })),
  head: (design) => (configOf(design).tied ? 'wte' : 'head'),
  forward: gptForward,
  cache: (design) => ({ layers: configOf(design).layers, width: configOf(design).width }),
  estimate: (design, batch, length) => estimateGpt(configOf(design), batch, length),
  huggingFace: gptHuggingFace,
};
/** The same as a part: `installed.make(Family, 'gpt')`. */
export const gptFamilyPart = Family.part({
  name: 'gpt',
  version: 1,
  options: z.strictObject({}),
  make: () => gptFamily,
});
