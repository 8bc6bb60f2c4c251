// What must compile, with the inferred types asserted. Checked with TypeScript 7 and 6; it runs nothing.
import { createIngot, definePlugin, type GraphOf, type StagesOf, type Ref } from '@ingot/core';
import {
  AlignedModel,
  ChatModel,
  Design,
  Model,
  Report,
  Sampler,
  Samples,
  type ModelValue,
  type ReportValue,
  type RowsValue,
  type SampleRow,
  type SamplerFunction,
} from '@ingot/contracts';
import { align, data, fakePlugins, models, pretrain, quant } from '@ingot/contracts/fakes';
import type * as z from 'zod';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Takes no argument when the two types are one; else it wants one that does not exist. */
const same = <A, B>(..._: Same<A, B> extends true ? [] : [wrong: never]): void => {};

declare module '@ingot/core' {
  interface EventTypes {
    heatmap: { readonly cells: readonly (readonly number[])[] };
  }
}

const ingot = createIngot({ plugins: fakePlugins });

/** 1. A sub-pipeline knows only the plugins it uses; a graph with more is assignable. */
export const preference = (
  g: GraphOf<[typeof data, typeof align]>,
  { model }: { model: Ref<typeof ChatModel> },
  how: 'dpo' | 'kto' | 'grpo' = 'dpo',
) => {
  const { feedback } = g.add('preferences', {}, { path: 'pairs.jsonl' });
  return g.add(how, { model, feedback });
};
/** 2. Generic in the model's kind: a helper that keeps it. */
export const smaller = <M extends Ref<typeof Model>>(g: GraphOf<[typeof quant]>, model: M) =>
  g.add('int8', { model }).model;

/** 3. The sentence of the README, on fakes. */
export const tinyChat = ingot.pipeline('tiny-chat', (g) => {
  const { text } = g.add('text', {}, { path: 'data/tiny.txt' });
  const { tokenizer } = g.add('bpe', { text }, { vocabSize: 512 });
  const { tokens } = g.add('pack', { text, tokenizer });
  const { design } = g.add('gpt', { tokenizer }, { depth: 4 });
  same<typeof design, Ref<typeof Design>>();
  const { model } = g.add('pretrain', { design, tokens }, { steps: 500, optimiser: { use: 'adamw', lr: 3e-3 } });
  const { examples } = g.add('examples', {}, { path: 'data/chat.jsonl' });
  const { model: sft } = g.add('sft', { model, examples });
  const { feedback } = g.add('preferences', {}, { path: 'data/pairs.jsonl' });
  const { model: aligned } = g.add('dpo', { model: sft, feedback });
  const { samples } = g.add(
    'generate',
    { model: aligned },
    {
      sampler: [
        { use: 'temperature', value: 0.7 },
        { use: 'top-p', p: 0.9 },
      ],
    },
  );
  const { report } = g.add('evaluate', { model: aligned, against: [sft] }, { tasks: ['bits-per-byte'] });
  return { aligned, samples, report };
});
const results = tinyChat.run().result();
same<
  Awaited<typeof results>,
  { readonly aligned: ModelValue; readonly samples: RowsValue<SampleRow>; readonly report: ReportValue }
>();

export const more = ingot.pipeline('more', (g) => {
  const { text } = g.add('text', {}, { path: 'a.txt' });
  const { tokenizer } = g.add('bpe', { text });
  const { tokens } = g.add('pack', { text, tokenizer });
  const { design } = g.add('llama', { tokenizer }, { depth: 2, kvHeads: 1 });
  // 4. Options and view together; a part with options of its own.
  const { model: base } = g.add(
    'pretrain',
    { design, tokens },
    { steps: 2, logEvery: 1, title: 'tiny', schedule: { use: 'cosine', floor: 0.1 } },
  );
  same<typeof base, Ref<typeof Model>>();
  const { examples } = g.add('examples', {}, { path: 'c.jsonl' });
  // 5. Lineage: sft makes a chat model of a base model.
  const { model: chat } = g.add('sft', { model: base, examples });
  same<typeof chat, Ref<typeof ChatModel>>();
  // 6. A sub-pipeline gives what its stage gives.
  const aligned = preference(g, { model: chat });
  same<typeof aligned.model, Ref<typeof AlignedModel>>();
  const { feedback } = g.add('preferences', {}, { path: 'pairs.jsonl' });
  const { feedback: questions } = g.add('prompts', {}, { path: 'q.jsonl' });
  const { reward } = g.add('reward-model', { model: chat, feedback });
  // 7. Pairs read as labels.
  g.add('kto', { model: chat, feedback });
  // 8. A player that asks for less than its role.
  g.add('grpo', { model: chat, feedback: questions }, { group: 4 });
  // 9. The role's optional ports.
  g.add('ppo', { model: chat, feedback, reward, mix: examples });
  // 10. One optional port more than the role, of one player.
  g.add('ppo', { model: chat, feedback, critic: reward });
  // 11. A wider port takes a narrower ref.
  const again = g.add('sft', { model: aligned.model, examples });
  // 12. sameAs keeps the kind.
  const small = g.add('int8', { model: aligned.model });
  same<typeof small.model, Ref<typeof AlignedModel>>();
  const smallBase = g.add('gptq', { model: base, calibration: tokens }, { bits: 4 });
  same<typeof smallBase.model, Ref<typeof Model>>();
  // 13. A generic helper keeps it too.
  const kept = smaller(g, chat);
  same<typeof kept, Ref<typeof ChatModel>>();
  // 14. The recorded ways around.
  g.add('serve', { model: g.add('assume-aligned', { model: kept }, { because: 'reviewed by hand' }).model });
  g.add('dpo', { model: g.add('assume-chat', { model: base }, { because: 'it was tuned elsewhere' }).model, feedback });
  // 15. A part given in code, with its name and version.
  const { samples } = g.add(
    'generate',
    { model: small.model },
    { sampler: [{ use: 'temperature', value: 0.7 }, Sampler.inline('floor', 1, (logits) => logits.map(Math.floor))] },
  );
  same<typeof samples, Ref<typeof Samples>>();
  // 16. No options, a label.
  g.add('generate', { model: base }, {}, 'from-base');
  // 17. A list of refs of several kinds that all fit; an optional port that may be undefined.
  const calibration: Ref<typeof import('@ingot/contracts').Tokens> | undefined = undefined;
  g.add('gptq', { model: base, calibration });
  const { report } = g.add(
    'evaluate',
    { model: base, against: [base, chat, small.model, again.model] },
    { tasks: ['bits-per-byte'] },
  );
  same<typeof report, Ref<typeof Report>>();
  // 18. A sweep is a for.
  for (const beta of [0.05, 0.1, 0.2]) g.add('dpo', { model: chat, feedback }, { beta });
  return { model: small.model, report };
});

// 19. Options after defaults.
type PretrainOptions = z.output<(typeof pretrain)['options']>;
same<PretrainOptions['steps'], number>();
// 20. A sampler is a function.
export const sampler: SamplerFunction = (logits) => logits;
// 21. What a graph can add is exactly what is installed.
same<keyof StagesOf<[typeof align]>, 'dpo' | 'simpo' | 'kto' | 'grpo' | 'ppo' | 'assume-aligned'>();
same<keyof StagesOf<[typeof models]>, 'gpt' | 'llama'>();
// 22. Events are a discriminated union that plugins extend.
tinyChat.run().events.subscribe((event) => {
  if (event.type === 'metric') same<typeof event.values, Readonly<Record<string, number>>>();
  if (event.type === 'heatmap') same<typeof event.cells, readonly (readonly number[])[]>();
  if (event.type === 'run-end') same<typeof event.ending, 'done' | 'failed' | 'cancelled'>();
});
// 23. A plugin without parts or stages is one.
export const empty = createIngot({ plugins: [definePlugin({ name: '@me/empty' })] });
