// The stage `ai-feedback`: two answers to each prompt, and a judge that prefers one by a principle: soft labels for a reward model or DPO. Bai et al. 2022, section 4; Lee et al. 2023.
import {
  ChatModel,
  Device,
  Judge,
  Model,
  openJudge,
  Pairs,
  Prompts,
  Report,
  RewardModel,
  type FeedbackRow,
  type JudgeAtWork,
  type PromptValue,
} from '@ingot/contracts';
import { defineStage, Installed, IngotError, metric, one, optional, sample, table, text, warning } from '@ingot/core';
import * as z from 'zod';
import { principlesOf } from '../principles/choose.js';
import { constitutionOption } from '../principles/packs.js';
import { asMessages } from '../revise/revise.js';
import { speakEstimate, speakOptions, speakView } from '../speak/options.js';
import { blocks, openRows } from '../speak/saved-rows.js';
import { modelSpeaker, type Speaker } from '../speak/speaker.js';
import { judgeContext, judgeOptions, questionOf } from './question.js';
import { softLabel, type LabelHow } from './soft-label.js';
import { addLabel, addUnlabelled, feedbackReport, freshPreferences, missingShare, type Preferences } from './tally.js';

const WHERE = "Stage 'ai-feedback'";
/** Before so many questions the share of missing verdicts says little. */
const ENOUGH = 20;

const rowOf = (prompt: PromptValue, first: string, second: string, p: number): FeedbackRow => {
  const [better, worse, high] = p >= 0.5 ? [first, second, p] : [second, first, 1 - p];
  return {
    prompt,
    completions: [
      { text: better, label: true, rank: 0, score: high },
      { text: worse, label: false, rank: 1, score: 1 - high },
    ],
    margin: 2 * high - 1,
  };
};

/** Two answers of the model, or the first two that a row brings where it brings two. */
const answersTo = async (
  speaker: Speaker,
  block: readonly { readonly place: number; readonly row: FeedbackRow }[],
): Promise<readonly (readonly [string, string] | undefined)[]> => {
  const own = block.map(({ row: { completions } }) => completions.length < 2);
  const asked = block.flatMap(({ place, row }, at) =>
    own[at] ? [0, 1].map((half) => ({ number: 2 * place + half, messages: asMessages(row.prompt) })) : [],
  );
  const said = [...(await speaker.say(asked))];
  return block.map(({ row: { completions } }, at) => {
    const [first, second] = own[at]
      ? said.splice(0, 2).map((answer) => answer?.text)
      : completions.map(({ text: given }) => given);
    return first && second ? [first, second] : undefined;
  });
};

const refuseMissing = (state: Preferences, most: number, atEnd: boolean): void => {
  const { asked, share } = missingShare(state);
  if (asked === 0 || share <= most || (!atEnd && asked < ENOUGH)) return;
  throw new IngotError(
    'bad-numbers',
    `${WHERE}: the judge gave no verdict on ${Math.round(share * asked)} of ${asked} questions; at most ${100 * most}% may be missing. Got: ${state.reasons.join(' | ')}. Mend the judge, give it more time (timeoutMs) or tries (retries), or raise maxMissing.`,
  );
};

/** Prompts become pairs with the judge's probabilities as scores: rank 0 is the better answer, `score` how probably, `margin` 2·score − 1. */
export const aiFeedbackStage = defineStage({
  name: 'ai-feedback',
  version: 1,
  inputs: { model: ChatModel, prompts: Prompts, judge: optional(Model), reward: optional(RewardModel) },
  outputs: { feedback: Pairs, report: Report },
  needs: { device: Device, installed: Installed },
  draws: true,
  computes: true,
  options: z.strictObject({
    constitution: constitutionOption,
    judge: one(Judge).describe('What decides; the principle stands in its question.'),
    clamp: z
      .tuple([z.number().min(0).max(0.5), z.number().min(0.5).max(1)])
      .optional()
      .describe('Probabilities are kept inside: [0.4, 0.6] for a judge that thinks aloud.'),
    ...judgeOptions,
    maxMissing: z.number().min(0).max(1).default(0.1).describe('The largest share of questions without a verdict.'),
    ...speakOptions,
  }),
  view: z.strictObject(speakView),
  estimate: ({ options, inputs }) => speakEstimate(inputs.model, 2 * (inputs.prompts?.rows ?? 0) * options.tokens),
  async *run({ inputs, options, view, services, seed, signal, checkpoint }) {
    const { constitution, timeoutMs, retries, clamp, maxMissing } = options;
    const how: LabelHow = { signal, timeoutMs, retries, clamp };
    const log = await openRows<FeedbackRow, Preferences>(checkpoint, freshPreferences(constitution));
    const state = log.state;
    const began = performance.now();
    const judge: JudgeAtWork = await openJudge(options.judge, judgeContext(inputs, signal));
    try {
      const speaker = await modelSpeaker(inputs.model, services, {
        tokens: options.tokens,
        samplers: options.sampler,
        seed,
        batch: view.batch,
        signal,
      });
      try {
        for await (const block of blocks(inputs.prompts, view.batch, log.done)) {
          const answers = await answersTo(speaker, block);
          for (const [at, { place, row }] of block.entries()) {
            const both = answers[at];
            if (!both || both[0] === both[1]) {
              addUnlabelled(state, both ? 'same answer' : 'no answer');
              continue;
            }
            const [first, second] = both;
            const principle = principlesOf(constitution, 'one', { seed, place, rounds: 1 })[0]!;
            const prompt = questionOf(row.prompt, principle.preference);
            const label = await softLabel(judge.ask, { prompt, first, second }, how);
            addLabel(state, principle.id, label);
            refuseMissing(state, maxMissing, false);
            if ('missing' in label || label.probability === 0.5) continue;
            const judged = rowOf(row.prompt, first, second, label.probability);
            log.rows.push(judged);
            if (log.rows.length <= view.show) {
              const [better, worse] = judged.completions;
              yield sample(
                `[better by '${principle.id}', ${better?.score?.toPrecision(3)}] ${better?.text}\n[worse] ${worse?.text}`,
                asMessages(row.prompt).at(-1)?.content ?? '',
              );
            }
          }
          log.done += block.length;
          yield metric(log.done, { pairs: log.rows.length }, inputs.prompts.rows);
          await log.saveWhenDue(view.saveEvery);
        }
      } finally {
        speaker.dispose();
      }
    } finally {
      judge.dispose();
    }
    refuseMissing(state, maxMissing, true);
    const report = feedbackReport(state, constitution);
    yield table(
      report.title,
      report.rows.map(({ name, values }) => ({ principle: name, ...values })),
    );
    yield text(
      `${log.rows.length} pairs of ${inputs.prompts.rows} prompts, ${((performance.now() - began) / 1000).toFixed(1)} s.`,
    );
    if (log.rows.length === 0)
      yield warning('The judge told no two answers apart: it may look at positions alone. Take another judge.');
    return { feedback: log.value(), report };
  },
});
