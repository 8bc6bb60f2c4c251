// The stage `arithmetic`: made-up problems whose answers can be checked, for runs with a verifiable reward.
import { Examples, Labels, Text, type ExampleRow, type FeedbackRow } from '@ingot/contracts';
import { defineStage, IngotError, table } from '@ingot/core';
import * as z from 'zod';
import { drawProblems, OPERATIONS, problemsThereAre, type Operation, type Problem } from './arithmetic.js';
import { rowsOf } from './feedback/load-rows.js';
import { textOf } from './text-value.js';

const count = z.int().positive();
const options = z.strictObject({
  digits: z.int().min(1).max(4).default(2).describe('Digits of the largest term: 2 is 0 to 99.'),
  terms: z.int().min(2).max(8).default(2).describe('Terms of a problem: 3 is 1+2+3=.'),
  operations: z
    .array(z.enum(Object.keys(OPERATIONS) as [Operation, ...Operation[]]))
    .min(1)
    .default(['+'])
    .describe('What is asked; a problem has one of them.'),
  modulus: z
    .int()
    .min(2)
    .optional()
    .describe('Asks for what is left when the result is divided by it: (17+5)%4=. Never negative.'),
  examples: count.default(500).describe('Problems with answers, to be taught by.'),
  prompts: count.default(2000).describe('Problems to practise on.'),
  questions: count.default(500).describe('Problems to be examined on.'),
});

const exampleOf = ({ question, answer }: Problem): ExampleRow => ({ prompt: question, completion: answer });
/** The answer stands in the row for rewards; what learns from prompts never reads it. */
const promptOf = ({ question, answer }: Problem): FeedbackRow => ({
  prompt: question,
  completions: [{ text: answer, label: true }],
});

/**
 * Three sets of problems that have none in common, whichever way round: `examples` (and as `text`), `prompts` with their right answers for a
 * reward (and as examples, `solved`), and `questions`. Throws `bad-options` when there are not as many.
 */
export const arithmetic = defineStage({
  name: 'arithmetic',
  version: 1,
  inputs: {},
  outputs: { text: Text, examples: Examples, prompts: Labels, solved: Examples, questions: Labels },
  options,
  draws: true,
  async *run({ options: how, seed }) {
    const kinds = {
      digits: how.digits,
      terms: how.terms,
      operations: [...new Set(how.operations)],
      modulus: how.modulus,
    };
    const wanted = how.examples + how.prompts + how.questions;
    const there = problemsThereAre(kinds);
    if (wanted > there)
      throw new IngotError(
        'bad-options',
        `Stage 'arithmetic': wanted ${wanted} different problems (${how.examples} examples, ${how.prompts} prompts, ${how.questions} questions), and with ${how.terms} terms of ${how.digits} digits and ${kinds.operations.join(' ')} there are ${there}. Give more digits, terms or operations, or ask for fewer.`,
      );
    const problems = drawProblems(wanted, { ...kinds, key: [seed >>> 0, 0x5a17] });
    const taught = problems.slice(0, how.examples);
    const practised = problems.slice(how.examples, how.examples + how.prompts);
    const asked = problems.slice(how.examples + how.prompts);
    yield table('Arithmetic', [
      { set: 'examples', problems: taught.length, first: shown(taught) },
      { set: 'prompts', problems: practised.length, first: shown(practised) },
      { set: 'questions', problems: asked.length, first: shown(asked) },
      { set: 'there are', problems: there, first: '' },
    ]);
    return {
      text: textOf(taught.map(({ question, answer }) => question + answer)),
      examples: rowsOf(taught.map(exampleOf)),
      prompts: rowsOf(practised.map(promptOf)),
      solved: rowsOf(practised.map(exampleOf)),
      questions: rowsOf(asked.map(promptOf)),
    };
  },
});
const shown = ([first]: readonly Problem[]): string => (first ? first.question + first.answer : '');
