// What can be wrong with a row that has the right types: the lint of examples and feedback, one rule each.
import type { PromptValue } from '@ingot/contracts';
import type { ShapedRow } from '../shapes/shape.js';
import { askedIn } from './prompt-key.js';

const blank = (text: string): boolean => text.trim() === '';
const asked = (row: ShapedRow): PromptValue | undefined =>
  'prompt' in row ? row.prompt : row.gives === 'conversation' ? askedIn(row.messages) : undefined;
const askedNothing = (prompt: PromptValue | undefined): boolean =>
  prompt !== undefined &&
  (typeof prompt === 'string' ? blank(prompt) : prompt.every(({ role, content }) => role !== 'user' || blank(content)));

/** The texts that a row has to be learnt from. */
const answers = (row: ShapedRow): readonly string[] => {
  if (row.gives === 'text') return [row.text];
  if (row.gives === 'prompt') return ['-'];
  if (row.gives === 'ranked') return row.completions.map(({ text }) => text);
  const turns = row.gives === 'conversation' ? row.messages : row.completion;
  return typeof turns === 'string'
    ? [turns]
    : turns.flatMap(({ role, content, weight }) => (role === 'assistant' && weight !== 0 ? [content] : []));
};

const turnsOf = (value: PromptValue | undefined) => (typeof value === 'string' ? [] : (value ?? []));

export interface Problem {
  readonly name: string;
  /** What such rows are, after a count: '3 rows with …'. */
  readonly about: string;
  /** Refused unless they are dropped; said, and dropped when asked; always left out, and said. */
  readonly outcome: 'refuse' | 'warn' | 'leave-out';
  readonly is: (row: ShapedRow) => boolean;
  /** What to do. */
  readonly attempt: string;
}

/** Rules that look at one row. */
export const PROBLEMS = [
  {
    name: 'several-turns',
    about: 'whose answers are not one turn of the assistant each',
    outcome: 'leave-out',
    is: (row) => row.gives === 'ranked' && row.apart === true,
    attempt: 'They do not answer one prompt, so they cannot be compared.',
  },
  {
    name: 'empty-prompt',
    about: 'with an empty prompt',
    outcome: 'refuse',
    is: (row) => (row.gives !== 'ranked' || !sameAnswers(row) ? askedNothing(asked(row)) : false),
    attempt: 'Mend them, or leave them out with drop: true.',
  },
  {
    name: 'empty-answer',
    about: 'with an empty answer',
    outcome: 'refuse',
    is: (row) => answers(row).length === 0 || answers(row).some(blank),
    attempt: 'Mend them, or leave them out with drop: true.',
  },
  {
    name: 'identical',
    about: 'whose answers are identical, so that nothing can be preferred',
    outcome: 'warn',
    is: (row) => row.gives === 'ranked' && sameAnswers(row),
    attempt: 'Leave them out with drop: true.',
  },
  {
    name: 'tied',
    about: 'whose answers are all of one rank',
    outcome: 'warn',
    is: (row) => row.gives === 'ranked' && row.completions.every(({ rank }) => rank === row.completions[0]!.rank),
    attempt: 'Leave them out with drop: true.',
  },
  {
    name: 'unfinished',
    about: 'whose conversation does not end with the assistant',
    outcome: 'warn',
    is: (row) => row.gives === 'conversation' && row.messages.at(-1)?.role !== 'assistant',
    attempt: 'Nothing is learnt from what follows the last answer; leave them out with drop: true.',
  },
  {
    name: 'answered',
    about: "whose prompt ends with the assistant's turn",
    outcome: 'warn',
    is: (row) => row.gives !== 'conversation' && turnsOf(asked(row)).at(-1)?.role === 'assistant',
    attempt: 'A model would answer itself; leave them out with drop: true.',
  },
] as const satisfies readonly Problem[];

/** Rules that look at all rows: a copy of an earlier row. */
export const DUPLICATE = {
  name: 'duplicate',
  about: 'equal to an earlier one',
  outcome: 'warn',
  attempt: 'Leave them out with drop: true.',
} as const satisfies Omit<Problem, 'is'>;

const sameAnswers = (row: Extract<ShapedRow, { readonly gives: 'ranked' }>): boolean =>
  row.completions.every(({ text }) => text === row.completions[0]!.text);

export type ProblemName = (typeof PROBLEMS)[number]['name'] | (typeof DUPLICATE)['name'];
/** Names of what `drop` can leave out. */
export const PROBLEM_NAMES = [
  ...PROBLEMS.map(({ name }) => name),
  DUPLICATE.name,
] as readonly ProblemName[] as readonly [ProblemName, ...ProblemName[]];
