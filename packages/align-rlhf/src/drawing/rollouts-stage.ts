// The stage `rollouts`: the answers of a model to prompts, drawn by the engine of online learning, scored, and kept as feedback.
import {
  ChatModel,
  Device,
  Model,
  Prompts,
  RewardModel,
  Samples,
  type FeedbackRow,
  type LiveModel,
  type ModelValue,
  type RowsValue,
  type SampleRow,
} from '@ingot/contracts';
import { defineStage, Installed, IngotError, metric, optional, table, text, warning } from '@ingot/core';
import { loadModel } from '@ingot/decoding';
import { chatEncoder, showPrompt, type ChatEncoder } from '@ingot/text';
import { readPrompts, type OnlinePrompt } from '../online/prompts.js';
import { modelReward, openRewards, sumRewards } from '../online/rewards.js';
import { roomsOf } from '../online/rooms.js';
import { chunks } from '../online/score.js';
import { tempered } from '../online/tempered.js';
import { openAnswerLog, type DrawnAnswer } from './answer-log.js';
import { drawRound } from './draw-round.js';
import { rolloutsOptions, rolloutsView } from './options.js';
import { bestOfRows, flatShare, groupsOf, shareRows, spreadRows } from './tables.js';

const STAGE = 'rollouts';
/** Tables of answers over a run. */
const SHOWN_ROUNDS = 20;

const parametersOf = ({ tensors }: ModelValue): number =>
  Object.values(tensors).reduce((sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1), 0);

/** A row a prompt; completions in the order in which they were drawn, with scores and neither ranks nor labels. */
const feedbackOf = (
  prompts: readonly OnlinePrompt[],
  answers: readonly DrawnAnswer[],
  generations: number,
): RowsValue<FeedbackRow> => ({
  rows: prompts.length,
  async *read() {
    for (const [i, group] of groupsOf(answers, generations).entries())
      yield { prompt: prompts[i]!.prompt, completions: group.map(({ text: said, score }) => ({ text: said, score })) };
  },
});
const samplesOf = (
  prompts: readonly OnlinePrompt[],
  answers: readonly DrawnAnswer[],
  encoder: ChatEncoder,
): RowsValue<SampleRow> => ({
  rows: answers.length,
  async *read() {
    for (const { row, text: said, tokens, ended } of answers)
      yield {
        prompt: showPrompt(encoder, prompts[row]!.prompt),
        text: said,
        tokens,
        ended: ended ? 'end-of-text' : 'length',
      };
  },
});

/** Answers of a model, scored: for tuning on the best of them, for pairs, for a look at what a reward pays. Answers that the prompts have are not read, but by rewards that compare with them. */
export const rolloutsStage = defineStage({
  name: STAGE,
  version: 1,
  inputs: { model: ChatModel, prompts: Prompts, reward: optional(RewardModel), reference: optional(Model) },
  outputs: { feedback: Prompts, samples: Samples },
  needs: { device: Device, installed: Installed },
  draws: true,
  computes: true,
  options: rolloutsOptions,
  view: rolloutsView,
  estimate: ({ options, inputs: { model, reference, prompts } }) => {
    if (!model) return undefined;
    const parameters = parametersOf(model);
    const beside = reference ? parametersOf(reference) : 0;
    const { tokens = Math.min(128, model.design.context / 2), generations } = options;
    const drawn = (prompts?.rows ?? 0) * generations * tokens;
    return { bytes: 4 * (parameters + beside), flops: 2 * (parameters + beside) * drawn };
  },
  async *run({ inputs, options, view, services, seed, signal, checkpoint }) {
    const { generations, temperature, batch, rewards } = options;
    if (rewards.length === 0 && !inputs.reward)
      throw new IngotError(
        'bad-wiring',
        `The stage '${STAGE}' has nothing that scores answers. Give rewards: [{ use: … }], or wire a reward model to the port 'reward'.`,
      );
    const { design } = inputs.model;
    const encoder = chatEncoder({ tokenizer: design.tokenizer, ...(design.chat && { chat: design.chat }) });
    const { tokens, room } = roomsOf(STAGE, options.tokens, design.context);
    const prompts = await readPrompts(inputs.prompts, { encoder, room, heldOut: 0, stage: STAGE });
    if (prompts.truncated > 0)
      yield warning(`${prompts.truncated} prompts were longer than ${room} tokens and lost their beginning.`);
    const log = await openAnswerLog(checkpoint);
    const rounds = chunks(prompts.all, batch);
    const showEvery = Math.max(1, Math.ceil(rounds.length / SHOWN_ROUNDS));
    const opened: { dispose(): void }[] = [];
    const open = async (model: ModelValue): Promise<LiveModel> => {
      const loaded = await loadModel({ ...services, model });
      opened.push(loaded);
      return tempered(loaded, temperature);
    };
    try {
      const reward = sumRewards(
        rewards.length > 0
          ? await openRewards(rewards, { signal, model: inputs.reward })
          : [await modelReward(inputs.reward!, services)],
        STAGE,
      );
      opened.push(reward);
      const how = {
        sampler: await open(inputs.model),
        reference: inputs.reference && (await open(inputs.reference)),
        reward,
        encoder,
        prompts,
        tokens,
        options,
        view,
        seed,
        signal,
      };
      while (log.rounds < rounds.length) {
        signal.throwIfAborted();
        const at = log.rounds;
        const { answers, numbers, events } = await drawRound(how, rounds[at]!, at, at % showEvery === 0);
        yield metric(at + 1, numbers, rounds.length);
        yield* events;
        await log.add(answers);
      }
    } finally {
      opened.reverse().forEach((one) => one.dispose());
    }
    const { answers } = log;
    if (answers.every((one) => one.text.trim() === ''))
      throw new IngotError(
        'bad-input',
        `The stage '${STAGE}': all ${answers.length} answers are empty. Is the model tuned to answer in this chat format? Run 'sft' before.`,
      );
    yield table('Rewards and lengths of the rollouts', spreadRows(answers));
    yield table('What the rollouts are like', shareRows(answers, generations));
    if (generations > 1) {
      yield table('Best of k of the rollouts', bestOfRows(answers, generations));
      const flat = flatShare(groupsOf(answers, generations));
      if (flat > 0.9)
        yield warning(
          `${(100 * flat).toFixed(0)} % of the prompts have one reward for all of their ${generations} answers: there is little to choose between. Take prompts that are neither too easy nor too hard, more generations, or a reward with more steps.`,
        );
    }
    yield text(`${answers.length} answers to ${prompts.all.length} prompts.`);
    return {
      feedback: feedbackOf(prompts.all, answers, generations),
      samples: samplesOf(prompts.all, answers, encoder),
    };
  },
});
