// Wirings of the role Align with the real plugins that must compile: ports that players widen, ports that are optional, one word exchanged.
import { alignDpo } from '@ingot/align-dpo';
import { Align, AlignedModel, Prompts, Reward } from '@ingot/contracts';
import { createIngot, definePlugin, list, type Ref } from '@ingot/core';
import { data } from '@ingot/data';
import { feedback as feedbackPlugin } from '@ingot/feedback';
import { gpt } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { training } from '@ingot/training';
import * as z from 'zod';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Takes no argument when the two types are one. */
const same = <A, B>(..._: Same<A, B> extends true ? [] : [wrong: never]): void => {};

/** A player that asks for less than its role: prompts alone. */
const fromPrompts = Align.stage({
  name: 'from-prompts',
  version: 1,
  ports: { feedback: Prompts },
  options: z.strictObject({ group: z.int().default(8), rewards: list(Reward).prefault([{ use: 'afinn' }]) }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
const mine = definePlugin({ name: '@me/from-prompts', stages: [fromPrompts] });

export const ingot = createIngot({
  plugins: [data, gpt, training, supervised, feedbackPlugin, alignDpo, mine],
});
export const aligned = ingot.pipeline('aligned', (g) => {
  const { text } = g.add('text', {}, { path: 'a.txt' });
  const { tokenizer } = g.add('bpe', { text }, { vocabSize: 512 });
  const { tokens } = g.add('pack', { text, tokenizer });
  const { design } = g.add('gpt', { tokenizer }, { depth: 2 });
  const { model: base } = g.add('pretrain', { design, tokens }, { steps: 2 });
  const { examples } = g.add('examples', {}, { path: 'chat.jsonl' });
  const { model } = g.add('sft', { model: base, examples });
  const { feedback } = g.add('preferences', {}, { path: 'pairs.jsonl' });
  const { feedback: labels } = g.add('labels', {}, { path: 'labels.jsonl' });
  const { prompts } = g.add('prompts', {}, { path: 'questions.jsonl' });

  // 1. Labels are enough for kto, and pairs are labels.
  const fromPairs = g.add('kto', { model, feedback }, { desirableWeight: 1.33 });
  same<typeof fromPairs.model, Ref<typeof AlignedModel>>();
  // 2. kto of labels.
  g.add('kto', { model, feedback: labels });
  // 3. Optional ports: the role's mix and reward, and dpo's own reference.
  const { reward } = g.add('reward-model', { model, feedback });
  const { reference } = g.add('reference-scores', { model, feedback });
  g.add(
    'dpo',
    { model, feedback, reference, mix: examples, reward },
    { loss: { use: 'ipo', beta: 0.2 }, mixShare: 0.2, rewards: [{ use: 'afinn' }], adapter: { rank: 16 } },
  );
  // 4. The word alone is exchanged; options of the loop are shared.
  const shared = { steps: 10, batch: 4, optimiser: { use: 'adamw', lr: 1e-4 }, keep: 'best' } as const;
  for (const method of ['dpo', 'ipo', 'kto', 'bco', 'simpo', 'orpo', 'cpo', 'sppo', 'rpo', 'apo-zero'] as const) {
    const swapped = g.add(method, { model, feedback, mix: examples }, shared);
    same<typeof swapped.model, Ref<typeof AlignedModel>>();
  }
  // 5. Prompts are enough for a player that says so; more than it asks for is right too.
  g.add('from-prompts', { model, feedback: prompts, reward }, { group: 4, rewards: [{ use: 'length' }] });
  g.add('from-prompts', { model, feedback });
  return { model: fromPairs.model };
});
