// Generated programs for measuring what the types cost: 30 plugins of three stages and two parts each, or all of the framework's own, and a pipeline of so many adds.

const PLUGINS = 30;
const IMPORTS = `import * as z from 'zod';
import { createIngot, defineStage, definePlugin, list, one, optional } from '@ingot/core';
import { Align, Device, Model, Optimiser, Quantise, Sampler, Samples, Schedule } from '@ingot/contracts';
import { fakePlugins, fakeSamples } from '@ingot/contracts/fakes';
`;
const plugin = (i: number): string => `
const align${i} = Align.stage({ name: 'align-${i}', version: 1, needs: { device: Device }, options: z.strictObject({ beta${i}: z.number().positive().default(0.1), steps: z.int().default(3), optimiser: one(Optimiser).prefault({ use: 'adamw' }), schedule: one(Schedule).prefault({ use: 'constant' }), batch: z.strictObject({ size: z.int().default(4), rows: z.int().default(1) }).prefault({}), mode: z.enum(['a', 'b', 'c']).default('a') }), view: z.strictObject({ logEvery: z.int().default(1), title: z.string().optional() }), async *run({ inputs }) { return { model: inputs.model }; } });
const speak${i} = defineStage({ name: 'speak-${i}', version: 1, inputs: { model: Model, draft: optional(Model) }, outputs: { samples: Samples }, options: z.strictObject({ max: z.int().default(9), sampler: list(Sampler).prefault([{ use: 'temperature' }]) }), async *run() { return { samples: fakeSamples() }; } });
const shrink${i} = Quantise.stage({ name: 'shrink-${i}', version: 1, options: z.strictObject({ bits: z.union([z.literal(4), z.literal(8)]).default(4), group: z.int().default(32) }), async *run({ inputs }) { return { model: inputs.model }; } });
const sampler${i} = Sampler.part({ name: 'sampler-${i}', version: 1, options: z.strictObject({ k${i}: z.int().default(1), on: z.boolean().default(true) }), make: () => (logits) => logits });
const schedule${i} = Schedule.part({ name: 'schedule-${i}', version: 1, options: z.strictObject({ floor${i}: z.number().default(0.1) }), make: () => () => 1 });
const plugin${i} = definePlugin({ name: '@big/p${i}', stages: [align${i}, speak${i}, shrink${i}], parts: [sampler${i}, schedule${i}] });
`;
const HEAD = `
const { text } = g.add('text', {}, { path: 'a' }); const { tokenizer } = g.add('bpe', { text }); const { tokens } = g.add('pack', { text, tokenizer }); const { design } = g.add('gpt', { tokenizer });
const { feedback } = g.add('preferences', {}, { path: 'p' }); const { examples } = g.add('examples', {}, { path: 'e' }); const { model } = g.add('pretrain', { design, tokens }); const { model: m0 } = g.add('sft', { model, examples });`;
const SETUP_ADDS = 8;

/** The program: `adds` calls of g.add in all, each dependent on an earlier one. With 0 it has the plugins alone. */
export const programOf = (adds: number): string => {
  const lines: string[] = [];
  let last = 'm0';
  for (let i = 0; i < adds - SETUP_ADDS; i++) {
    const k = i % PLUGINS;
    if (i % 3 === 0)
      lines.push(
        `const { model: m${i + 1} } = g.add('align-${k}', { model: ${last}, feedback }, { beta${k}: 0.2, logEvery: 2, optimiser: { use: 'adamw', lr: 0.1 }, schedule: { use: 'schedule-${k}', floor${k}: 0.8 } });`,
      );
    if (i % 3 === 1)
      lines.push(
        `g.add('speak-${k}', { model: ${last}, draft: model }, { sampler: [{ use: 'sampler-${k}', k${k}: 2 }, { use: 'top-p', p: 0.9 }] });`,
      );
    if (i % 3 === 2) lines.push(`const { model: m${i + 1} } = g.add('shrink-${k}', { model: ${last} }, { bits: 8 });`);
    if (i % 3 !== 1) last = `m${i + 1}`;
  }
  const pipeline =
    adds === 0
      ? ''
      : `export const big = ingot.pipeline('big', (g) => {${HEAD}\n${lines.join('\n')}\nreturn { last: ${last} };\n});\n`;
  const plugins = Array.from({ length: PLUGINS }, (_, i) => `plugin${i}`).join(', ');
  return `${IMPORTS}${Array.from({ length: PLUGINS }, (_, i) => plugin(i)).join('')}\nconst ingot = createIngot({ plugins: [...fakePlugins, ${plugins}] });\n${pipeline}export const kept = ingot.dispose;\n`;
};

const OWN = `import { createIngot } from '@ingot/core';
import { alignDpo } from '@ingot/align-dpo';
import { alignRlhf } from '@ingot/align-rlhf';
import { data } from '@ingot/data';
import { evaluation } from '@ingot/eval';
import { feedback as feedbackPlugin } from '@ingot/feedback';
import { gpt } from '@ingot/model-gpt';
import { quant } from '@ingot/quant';
import { sampling } from '@ingot/sampling';
import { supervised } from '@ingot/supervised';
import { training } from '@ingot/training';
const ingot = createIngot({ plugins: [data, gpt, training, supervised, alignDpo, alignRlhf, sampling, evaluation, feedbackPlugin, quant] });
`;
const OWN_HEAD = `
const { text } = g.add('text', {}, { path: 'a' }); const { tokenizer } = g.add('bpe', { text }, { vocabSize: 512 }); const { tokens } = g.add('pack', { text, tokenizer }); const { design } = g.add('gpt', { tokenizer }, { depth: 2 });
const { feedback } = g.add('preferences', {}, { path: 'p' }); const { examples } = g.add('examples', {}, { path: 'e' }); const { model } = g.add('pretrain', { design, tokens }, { steps: 9 }); const { model: m0 } = g.add('sft', { model, examples });`;
const METHODS = ['dpo', 'ipo', 'kto', 'bco', 'simpo', 'orpo', 'cpo', 'sppo', 'rpo', 'apo-zero'];

/** The same with the framework's own plugins: methods, sampling and quantising in turn, with options, parts and optional ports. */
export const ownProgramOf = (adds: number): string => {
  const lines: string[] = [];
  let last = 'm0';
  for (let i = 0; i < adds - SETUP_ADDS; i++) {
    if (i % 3 === 0) {
      const method = METHODS[(i / 3) % METHODS.length]!;
      lines.push(
        `const { model: m${i + 1} } = g.add('${method}', { model: ${last}, feedback, mix: examples }, { steps: 4, logEvery: 2, optimiser: { use: 'adamw', lr: 0.1 }, schedule: { use: 'cosine', floor: 0.1 }, rewards: [{ use: 'afinn' }], adapter: { rank: 4 }${method === 'dpo' ? ", loss: { use: 'ipo', beta: 0.2 }" : ''} });`,
      );
      last = `m${i + 1}`;
    }
    if (i % 3 === 1)
      lines.push(
        `g.add('generate', { model: ${last} }, { sampler: [{ use: 'temperature', value: 0.7 }, { use: 'top-p', p: 0.9 }] });`,
      );
    if (i % 3 === 2) {
      lines.push(`const { model: m${i + 1} } = g.add('int8', { model: ${last} });`);
      last = `m${i + 1}`;
    }
  }
  const pipeline =
    adds === 0
      ? ''
      : `export const own = ingot.pipeline('own', (g) => {${OWN_HEAD}\n${lines.join('\n')}\nreturn { last: ${last} };\n});\n`;
  return `${OWN}${pipeline}export const kept = ingot.dispose;\n`;
};
