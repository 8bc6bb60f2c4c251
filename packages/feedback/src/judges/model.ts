// Judge `model`: a model is asked which answer is better, and log p("A") is held against log p("B"). Lee et al. 2023 (RLAIF), section 3.1.
import {
  Evaluator,
  Judge,
  type EvaluatorService,
  type JudgeQuestion,
  type JudgeValue,
  type PromptValue,
} from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import * as z from 'zod';
import { sigmoid } from './rules.js';

/** What the model reads unless said otherwise; it goes on with one of the labels. */
export const JUDGE_TEMPLATE = `A good answer does what was asked, is true, and wastes no words.

Request:
{prompt}

Answer A:
{first}

Answer B:
{second}

The better answer is Answer`;

/** A prompt as a judge reads it: a text as it is, a conversation a turn a line. */
export const readable = (prompt: PromptValue): string =>
  typeof prompt === 'string' ? prompt : prompt.map(({ role, content }) => `${role}: ${content}`).join('\n');

/** The template with its three places filled, in one pass: an answer that spells '{second}' stays as it is. */
export const fillTemplate = (template: string, { prompt, first, second }: JudgeQuestion): string => {
  const values: Readonly<Record<string, string>> = { prompt: readable(prompt), first, second };
  return template.replace(/\{(prompt|first|second)\}/gu, (_, name: string) => values[name] ?? '');
};

export interface ModelJudgeOptions {
  readonly template?: string;
  /** What the model says when the first answer is better, and when the second is. */
  readonly labels?: readonly [string, string];
}

/** A judge over the model at its stage's port `judge`: p = p(A) / (p(A) + p(B)). Opened without one it throws `bad-wiring`. */
export const judgeByModel = (
  evaluator: EvaluatorService,
  { template = JUDGE_TEMPLATE, labels = [' A', ' B'] }: ModelJudgeOptions = {},
): JudgeValue => ({
  async open({ model }) {
    if (!model)
      throw new IngotError(
        'bad-wiring',
        "Judge 'model' wants a model at the port 'judge' of its stage, got none. Connect one, or take the judge 'rules'.",
      );
    const opened = await evaluator.open(model);
    return {
      async ask(question, signal) {
        const context = fillTemplate(template, question);
        const [a, b] = await opened.logLikelihood(
          labels.map((continuation) => ({ context, continuation })),
          signal,
        );
        return sigmoid((a?.logProbability ?? NaN) - (b?.logProbability ?? NaN));
      },
      dispose: () => opened.dispose(),
    };
  },
});

/** Judge `model`. */
export const modelJudge = Judge.part({
  name: 'model',
  version: 1,
  needs: { evaluator: Evaluator },
  options: z.strictObject({
    template: z
      .string()
      .default(JUDGE_TEMPLATE)
      .refine((text) => ['{prompt}', '{first}', '{second}'].every((place) => text.includes(place)), {
        error: 'expected a text with {prompt}, {first} and {second} in it',
      })
      .describe('What the model reads: the places {prompt}, {first} and {second} are filled.'),
    labels: z
      .tuple([z.string().min(1), z.string().min(1)])
      .default([' A', ' B'])
      .describe('How the model would go on when the first is better, and when the second is.'),
  }),
  make: ({ template, labels }, { evaluator }) => judgeByModel(evaluator, { template, labels }),
});
