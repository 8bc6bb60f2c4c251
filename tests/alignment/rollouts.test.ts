// Stages in place of a loop: answers of a model, scored once, feed supervised tuning on the best of them and DPO on best against worst; both say what the reward pays for.
import { alignDpo } from '@ingot/align-dpo';
import { alignRlhf } from '@ingot/align-rlhf';
import { ChatModel, Device, Evaluator, Prompts, Reward, type FeedbackRow, type RowsValue } from '@ingot/contracts';
import { fakeEvaluator } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, memoryStore, type RunEvent } from '@ingot/core';
import { feedback } from '@ingot/feedback';
import { gpt } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { referenceDevice } from '@ingot/tensor';
import { sourcePlugin, sourceStage } from '@ingot/testing';
import { chatFormats } from '@ingot/text';
import { training } from '@ingot/training';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { tinyModel } from './tuning-world.js';

const prompts: FeedbackRow[] = [...'abcdefghijklmnop'].map((letter) => ({
  prompt: [{ role: 'user', content: `${letter} ${letter}` }],
  completions: [],
}));
/** Share of vowels. */
const vowels = Reward.part({
  name: 'vowels',
  version: 1,
  options: z.strictObject({}),
  make:
    () =>
    ({ text }) =>
      text === '' ? 0 : (text.split(/[aeiou]/u).length - 1) / text.length,
});
const ingot = createIngot({
  plugins: [
    training,
    gpt,
    supervised,
    alignDpo,
    alignRlhf,
    feedback,
    definePlugin({ name: '@me/vowels', parts: [vowels] }),
    sourcePlugin([
      sourceStage('given', { chat: ChatModel, prompts: Prompts }, () => ({
        chat: tinyModel(chatFormats.chatml),
        prompts: {
          rows: prompts.length,
          async *read() {
            yield* prompts;
          },
        },
      })),
    ]),
  ],
  services: (bind) => {
    bind.value(Device, referenceDevice(), { fingerprint: 'fp32' });
    bind.value(Evaluator, fakeEvaluator());
  },
});

const drawn = (model: string, take: number) => ({
  use: 'rollouts',
  from: { model, prompts: 'given.prompts', reference: 'given.chat' },
  how: { generations: 8, tokens: 8, take, rewards: [{ use: 'vowels' }] },
});
const tuned = { batch: 8, optimiser: { use: 'adamw', lr: 1e-2, weightDecay: 0 } };
const pipeline = ingot.fromRecipe({
  name: 'fine-grained',
  seed: 3,
  stages: {
    given: { use: 'given' },
    before: drawn('given.chat', 0),
    best: { use: 'best-of', from: { feedback: 'before.feedback' }, how: { count: 1 } },
    sft: {
      use: 'sft',
      from: { model: 'given.chat', examples: 'best.examples' },
      how: { ...tuned, steps: 48, samples: 0 },
    },
    expert: drawn('sft.model', 1),
    pairs: { use: 'score-pairs', from: { feedback: 'before.feedback' } },
    dpo: {
      use: 'dpo',
      from: { model: 'given.chat', feedback: 'pairs.feedback' },
      how: { ...tuned, steps: 20, watch: { samples: 0 } },
    },
    preferred: drawn('dpo.model', 1),
  },
  outputs: {
    before: 'before.feedback',
    expert: 'expert.feedback',
    preferred: 'preferred.feedback',
    pairs: 'pairs.feedback',
  },
});

test('rollouts -> best-of -> sft, and rollouts -> score-pairs -> dpo: both raise the reward of fresh answers', async () => {
  const run = pipeline.run({ store: memoryStore() });
  const events: RunEvent[] = [];
  run.events.subscribe((event) => events.push(event));
  const made = (await run.result()) as Record<string, RowsValue<FeedbackRow>>;
  const meanOf = async (name: string): Promise<number> => {
    const scores: number[] = [];
    for await (const { completions } of made[name]!.read()) scores.push(...completions.map(({ score }) => score!));
    expect(scores).toHaveLength(8 * prompts.length);
    return scores.reduce((a, b) => a + b, 0) / scores.length;
  };
  const before = await meanOf('before');
  expect(await meanOf('expert')).toBeGreaterThan(1.2 * before);
  expect(await meanOf('preferred')).toBeGreaterThan(1.2 * before);
  for await (const { completions, margin } of made['pairs']!.read())
    expect(margin).toBe(completions[0]!.score! - completions[1]!.score!);
  const klOf = (stage: string) =>
    events.flatMap((event) => (event.type === 'metric' && event.stage === stage ? [event.values['kl']!] : []));
  expect(klOf('before').every((kl) => kl === 0)).toBe(true);
  expect(klOf('preferred').every((kl) => kl > 0)).toBe(true);
});
