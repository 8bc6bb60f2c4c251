// The stage `answers`: the same prompts answered by several models, side by side, with what rewards make of the answers.
import { setImmediate as breathe } from 'node:timers/promises';
import {
  Device,
  Model,
  openReward,
  Prompts,
  referencesOf,
  Report,
  Reward,
  Sampler,
  type Answer,
  type ModelValue,
  type PromptValue,
  type RewardAtWork,
} from '@ingot/contracts';
import { defineStage, Installed, IngotError, list, many, table, text as line } from '@ingot/core';
import { generate, loadModel } from '@ingot/decoding';
import { chatEncoder, encodePrompt, showPrompt } from '@ingot/text';
import * as z from 'zod';
import { inWords, rewardRows, shownRow } from './paired-rewards.js';

const options = z.strictObject({
  names: z
    .array(z.string().min(1))
    .optional()
    .describe('Names of the models, in their order; model 1, model 2, … unless said.'),
  limit: z.int().positive().default(64).describe('At most this many prompts, from the first on.'),
  show: z.int().min(0).default(4).describe('Prompts whose answers are shown; all count for the rewards.'),
  tokens: z.int().positive().default(48).describe('The most tokens of an answer.'),
  sampler: list(Sampler)
    .prefault([
      { use: 'temperature', value: 0.7 },
      { use: 'top-p', p: 0.9 },
    ])
    .describe("Applied in order; none: the model's own distribution."),
  rewards: list(Reward).default([]).describe('What scores the answers; the score shown is their sum.'),
  about: z.string().min(1).optional().describe('What a reader must know of the rewards; said beside the numbers.'),
});

/** Names of the models. Throws `bad-options` for too few, too many or equal ones. */
function namesOf(given: readonly string[] | undefined, count: number): readonly string[] {
  const names = given ?? Array.from({ length: count }, (_, i) => `model ${i + 1}`);
  if (names.length === count && new Set(names).size === count) return names;
  throw new IngotError(
    'bad-options',
    `Stage 'answers', option 'names': wanted ${count} different names, one for each of the models, got ${names.join(', ') || 'none'}.`,
  );
}

/** One model's answers. A conversation is spelt by the model's own chat format; a base model reads its words as they are. */
async function answersOf(
  model: ModelValue,
  prompts: readonly PromptValue[],
  how: {
    readonly services: { readonly device: Device; readonly installed: Installed };
    readonly options: z.output<typeof options>;
    readonly seed: number;
    readonly signal: AbortSignal;
  },
): Promise<readonly { readonly asked: string; readonly text: string }[]> {
  const { design } = model;
  const encoder = chatEncoder({ tokenizer: design.tokenizer, ...(design.chat && { chat: design.chat }) });
  const plain = (prompt: PromptValue): PromptValue =>
    design.chat || typeof prompt === 'string' ? prompt : prompt.map(({ content }) => content).join('\n');
  const room = Math.max(1, design.context - how.options.tokens);
  const open = await loadModel({ ...how.services, model });
  try {
    const texts: string[] = [];
    for await (const event of generate(open, {
      prompts: prompts.map((prompt) => Array.from(encodePrompt(encoder, plain(prompt))).slice(-room)),
      tokens: how.options.tokens,
      samplers: how.options.sampler,
      seed: how.seed,
      signal: how.signal,
      logProbabilities: false,
      endOfText: encoder.endOfTurn,
      bytes: (id) => encoder.tokenizer.bytes(id),
    }))
      if (event.type === 'end') texts[event.prompt] = event.text;
    return prompts.map((prompt, i) => ({ asked: showPrompt(encoder, plain(prompt)), text: texts[i] ?? '' }));
  } finally {
    open.dispose();
  }
}

/** Sum of the rewards of each answer. */
async function scoresOf(rewards: readonly RewardAtWork[], answers: readonly Answer[]): Promise<number[]> {
  const all = await Promise.all(rewards.map((reward) => reward.score(answers)));
  return answers.map((_, i) => all.reduce((sum, scores) => sum + (scores[i] ?? 0), 0));
}

/** models + prompts -> report: answers side by side with the same draws, and where there are rewards each model's mean and how it stands to the one before it, in pairs. */
export const answersStage = defineStage({
  name: 'answers',
  version: 1,
  inputs: { models: many(Model), prompts: Prompts },
  outputs: { report: Report },
  mixes: ['tokenizer'],
  needs: { device: Device, installed: Installed },
  options,
  draws: true,
  computes: true,
  async *run({ inputs, options: how, services, seed, signal }) {
    const names = namesOf(how.names, inputs.models.length);
    const prompts: PromptValue[] = [];
    const references: (readonly string[])[] = [];
    for await (const row of inputs.prompts.read()) {
      if (prompts.length === how.limit) break;
      prompts.push(row.prompt);
      references.push(referencesOf(row));
    }
    if (prompts.length === 0 || names.length === 0)
      throw new IngotError(
        'bad-input',
        `Stage 'answers': wanted models and prompts, got ${names.length} and ${prompts.length}.`,
      );
    const rewards: RewardAtWork[] = [];
    try {
      for (const reward of how.rewards) rewards.push(await openReward(reward, { signal }));
      const said: (readonly { readonly asked: string; readonly text: string }[])[] = [];
      const scores: number[][] = [];
      for (const model of inputs.models) {
        const answers = await answersOf(model, prompts, { services, options: how, seed, signal });
        said.push(answers);
        scores.push(
          await scoresOf(
            rewards,
            answers.map(({ text }, i) => ({
              prompt: prompts[i]!,
              text,
              ...(references[i]!.length > 0 && { references: references[i]! }),
            })),
          ),
        );
        await breathe();
      }
      yield table(
        'Side by side',
        prompts.slice(0, how.show).map((_, i) => ({
          prompt: said[0]?.[i]?.asked ?? '',
          ...Object.fromEntries(
            names.map((name, m) => [name, (said[m]?.[i]?.text ?? '').trim().replaceAll(/\s+/gu, ' ')]),
          ),
        })),
      );
      if (rewards.length === 0)
        return { report: { title: 'Side by side', rows: [], notes: [`${prompts.length} prompts, not scored.`] } };
      const rows = rewardRows(names, scores);
      const shown = rows.map((row) => ({ name: row.name, values: shownRow(row) }));
      yield table(
        'Rewards',
        shown.map(({ name, values }) => ({ name, ...values })),
      );
      const notes = [
        `Mean reward over ${prompts.length} prompts with its standard error; each model beside the one of the row above, on the same prompts and draws.`,
        ...rows.flatMap((row) => inWords(row, prompts.length) ?? []),
        ...(how.about === undefined ? [] : [how.about]),
      ];
      for (const note of notes) yield line(note);
      return { report: { title: 'Side by side', rows: shown, notes } };
    } finally {
      for (const reward of rewards) reward.dispose();
    }
  },
});
