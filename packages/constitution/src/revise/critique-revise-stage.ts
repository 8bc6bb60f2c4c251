// The stage `critique-revise`: a chat model answers, criticises itself by a principle, and revises; what comes out is a set for SFT. Bai et al. 2022.
import {
  ChatModel,
  Device,
  Examples,
  Judge,
  Model,
  openJudge,
  Prompts,
  Report,
  RewardModel,
  type ChatExample,
  type ExampleRow,
  type JudgeAtWork,
} from '@ingot/contracts';
import { defineStage, Installed, IngotError, metric, one, optional, sample, table, text, warning } from '@ingot/core';
import * as z from 'zod';
import { judgeContext, judgeOptions, questionOf } from '../prefer/question.js';
import { softLabel, type LabelHow } from '../prefer/soft-label.js';
import { principlesOf } from '../principles/choose.js';
import type { Constitution } from '../principles/constitution.js';
import { constitutionOption } from '../principles/packs.js';
import { speakEstimate, speakOptions, speakView } from '../speak/options.js';
import { blocks, openRows } from '../speak/saved-rows.js';
import { modelSpeaker, type Speaker } from '../speak/speaker.js';
import { finalAnswer, reviseBlock, type Transcript } from './revise.js';
import { addOutcome, addVerdict, freshTally, reviseReport, type ReviseTally } from './tally.js';

const shown = ({ first, rounds }: Transcript): string =>
  [
    `[answer] ${first}`,
    ...rounds.flatMap(({ principle, critique, after }) => [
      `[critique: ${principle}] ${critique}`,
      `[revision: ${principle}] ${after}`,
    ]),
  ].join('\n');
const exampleOf = (transcript: Transcript): ChatExample => ({
  messages: [...transcript.prompt, { role: 'assistant', content: finalAnswer(transcript) }],
});

/** Asks the judge about every change of one prompt: the revised answer against the one before it, by the principle. */
const judgeChanges = async (
  tally: ReviseTally,
  judge: JudgeAtWork,
  { prompt, rounds }: Transcript,
  { principles }: Constitution,
  how: LabelHow,
): Promise<void> => {
  for (const { principle, before, after } of rounds) {
    const { preference } = principles.find(({ id }) => id === principle) ?? {};
    if (before === after || preference === undefined) continue;
    const question = { prompt: questionOf(prompt, preference), first: after, second: before };
    addVerdict(tally, principle, await softLabel(judge.ask, question, how));
  }
};

/** Prompts become conversations whose answers were revised by the constitution; the report says which principle changed which answer, what it cost, and with a judge how often it was for the better. */
export const critiqueReviseStage = defineStage({
  name: 'critique-revise',
  version: 2,
  inputs: { model: ChatModel, prompts: Prompts, judge: optional(Model), reward: optional(RewardModel) },
  outputs: { examples: Examples, report: Report },
  needs: { device: Device, installed: Installed },
  draws: true,
  computes: true,
  options: z.strictObject({
    constitution: constitutionOption,
    principles: z
      .enum(['one', 'all'])
      .default('one')
      .describe('Each round by one principle, drawn anew, or by all of them in their order.'),
    revisions: z.int().positive().default(1).describe('Rounds of critique and revision.'),
    examples: z
      .array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))
      .default([])
      .describe('Turns that stand before every critique: a few that show how it is done.'),
    judge: one(Judge)
      .optional()
      .describe('Compares every changed answer with the one before it: the win rate of each principle.'),
    ...judgeOptions,
    ...speakOptions,
  }),
  view: z.strictObject(speakView),
  estimate: ({ options, inputs }) => {
    const rounds = options.revisions * (options.principles === 'all' ? options.constitution.principles.length : 1);
    return speakEstimate(inputs.model, (inputs.prompts?.rows ?? 0) * options.tokens * (1 + 2 * rounds));
  },
  async *run({ inputs, options, view, services, seed, signal, checkpoint }) {
    const { constitution, principles, revisions, timeoutMs, retries } = options;
    const log = await openRows<ExampleRow, ReviseTally>(checkpoint, freshTally(constitution));
    const tally = log.state;
    const judge = options.judge && (await openJudge(options.judge, judgeContext(inputs, signal)));
    let speaker: Speaker | undefined;
    try {
      speaker = await modelSpeaker(inputs.model, services, {
        tokens: options.tokens,
        samplers: options.sampler,
        seed,
        batch: view.batch,
        signal,
      });
      for await (const block of blocks(inputs.prompts, view.batch, log.done)) {
        const began = performance.now();
        const outcomes = await reviseBlock(
          speaker,
          block.map(({ place, row: { prompt } }) => ({
            place,
            prompt,
            principles: principlesOf(constitution, principles, { seed, place, rounds: revisions }),
          })),
          options.examples,
        );
        tally.milliseconds += performance.now() - began;
        for (const outcome of outcomes) {
          addOutcome(tally, outcome);
          if ('dropped' in outcome) continue;
          if (judge) await judgeChanges(tally, judge, outcome, constitution, { signal, timeoutMs, retries });
          log.rows.push(exampleOf(outcome));
          if (log.rows.length <= view.show) yield sample(shown(outcome), outcome.prompt.at(-1)?.content ?? '');
        }
        log.done += block.length;
        yield metric(log.done, { examples: log.rows.length, changed: tally.changed }, inputs.prompts.rows);
        await log.saveWhenDue(view.saveEvery);
      }
    } finally {
      speaker?.dispose();
      judge?.dispose();
    }
    const report = reviseReport(tally, constitution);
    if (log.rows.length === 0)
      throw new IngotError(
        'bad-input',
        `Stage 'critique-revise': not one example came of ${tally.prompts} prompts. ${report.notes[1] ?? ''} Shorten the prompts, ask for fewer tokens, or take a model that answers.`,
      );
    yield table(
      report.title,
      report.rows.map(({ name, values }) => ({ principle: name, ...values })),
    );
    if (tally.reasons.length > 0)
      yield warning(`The judge gave no verdict on some of the changes: ${tally.reasons.join(' | ')}.`);
    yield text(`${report.notes[1] ?? ''} ${(tally.milliseconds / 1000).toFixed(1)} s.`);
    return { examples: log.value(), report };
  },
});
