// The stage `critique-revise`: a chat model answers, criticises itself by a principle, and revises; what comes out is a set for SFT. Bai et al. 2022.
import { ChatModel, Device, Examples, Prompts, Report, type ChatExample, type ExampleRow } from '@ingot/contracts';
import { defineStage, Installed, IngotError, metric, sample, table, text } from '@ingot/core';
import * as z from 'zod';
import { principlesOf } from '../principles/choose.js';
import { constitutionOption } from '../principles/packs.js';
import { speakEstimate, speakOptions, speakView } from '../speak/options.js';
import { blocks, openRows } from '../speak/saved-rows.js';
import { modelSpeaker } from '../speak/speaker.js';
import { finalAnswer, reviseBlock, type Transcript } from './revise.js';
import { addOutcome, freshTally, reviseReport, type ReviseTally } from './tally.js';

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

/** Prompts become conversations whose answers were revised by the constitution; the report says which principle changed which answer, and the tokens. */
export const critiqueReviseStage = defineStage({
  name: 'critique-revise',
  version: 1,
  inputs: { model: ChatModel, prompts: Prompts },
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
    ...speakOptions,
  }),
  view: z.strictObject(speakView),
  estimate: ({ options, inputs }) => {
    const rounds = options.revisions * (options.principles === 'all' ? options.constitution.principles.length : 1);
    return speakEstimate(inputs.model, (inputs.prompts?.rows ?? 0) * options.tokens * (1 + 2 * rounds));
  },
  async *run({ inputs, options, view, services, seed, signal, checkpoint }) {
    const { constitution, principles, revisions } = options;
    const log = await openRows<ExampleRow, ReviseTally>(checkpoint, freshTally(constitution));
    const tally = log.state;
    const speaker = await modelSpeaker(inputs.model, services, {
      tokens: options.tokens,
      samplers: options.sampler,
      seed,
      batch: view.batch,
      signal,
    });
    try {
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
          log.rows.push(exampleOf(outcome));
          if (log.rows.length <= view.show) yield sample(shown(outcome), outcome.prompt.at(-1)?.content ?? '');
        }
        log.done += block.length;
        yield metric(log.done, { examples: log.rows.length, changed: tally.changed }, inputs.prompts.rows);
        await log.saveWhenDue(view.saveEvery);
      }
    } finally {
      speaker.dispose();
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
    yield text(`${report.notes[1] ?? ''} ${(tally.milliseconds / 1000).toFixed(1)} s.`);
    return { examples: log.value(), report };
  },
});
