// What each stage makes of rows of any meaning: examples, pairs, labels or prompts.
import type { ExampleRow, FeedbackRow, Message, PromptValue } from '@ingot/contracts';
import type { Wanted } from '../shapes/detect.js';
import type { Meaning, ShapedRow } from '../shapes/shape.js';
import { askedIn } from './prompt-key.js';

type Of<M extends Meaning> = Extract<ShapedRow, { readonly gives: M }>;
/** For every meaning the rows that a stage makes of it; one that it cannot take is absent. */
type Conversions<M extends Meaning> = { readonly [K in Meaning]?: (row: Of<K>) => readonly Of<M>[] };

export interface Target<M extends Meaning, Row> {
  /** The stage's name. */
  readonly name: string;
  /** What its rows are, for messages. */
  readonly rowsAre: string;
  readonly wanted: Wanted;
  readonly from: Conversions<M>;
  readonly row: (row: Of<M>) => Row;
  /** A line that says what was done to rows of another meaning. */
  readonly says: { readonly [K in Meaning]?: string };
}

const same = <T>(row: T): readonly T[] => [row];
const asTurns = (prompt: PromptValue): readonly Message[] =>
  typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
const notLearnt = (turn: Message): Message =>
  turn.role === 'assistant' && turn.weight === undefined ? { ...turn, weight: 0 } : turn;

const exampleOf = (row: Of<'text' | 'conversation' | 'completion'>): ExampleRow => {
  if (row.gives === 'conversation') return { messages: row.messages };
  const weight = row.weight === undefined ? {} : { weight: row.weight };
  if (row.gives === 'text') return { text: row.text, ...weight };
  const { prompt, completion } = row;
  if (typeof prompt === 'string' && typeof completion === 'string') return { prompt, completion, ...weight };
  const answer: readonly Message[] =
    typeof completion === 'string' ? [{ role: 'assistant', content: completion }] : completion;
  return {
    messages: [
      ...asTurns(prompt).map(notLearnt),
      ...answer.map((turn) => (turn.role === 'assistant' ? { ...turn, ...weight } : turn)),
    ],
  };
};

/** To learn from: texts, conversations, prompts with their completion; of rated answers the best or liked ones. */
export const toExamples: Target<'text' | 'conversation' | 'completion', ExampleRow> = {
  name: 'examples',
  rowsAre: 'examples',
  wanted: [
    ['text', 'conversation', 'completion'],
    ['ranked', 'labelled'],
  ],
  from: {
    text: same,
    conversation: same,
    completion: same,
    ranked: ({ prompt, completions }) => [{ gives: 'completion', prompt, completion: completions[0]!.text }],
    labelled: ({ prompt, completion, label }) => (label ? [{ gives: 'completion', prompt, completion }] : []),
  },
  row: exampleOf,
  says: { ranked: 'Of every row only the best answer is taken.', labelled: 'Only answers that were liked are taken.' },
};

/** Two or more ranked answers to a prompt. */
export const toPairs: Target<'ranked', FeedbackRow> = {
  name: 'preferences',
  rowsAre: 'preferences',
  wanted: [['ranked']],
  from: { ranked: same },
  row: ({ prompt, completions, margin }: Of<'ranked'>): FeedbackRow => ({
    prompt,
    completions,
    ...(margin === undefined ? {} : { margin }),
  }),
  says: {},
};

/** One answer a row, liked or not; of ranked ones the best and the worst. */
export const toLabels: Target<'labelled', FeedbackRow> = {
  name: 'labels',
  rowsAre: 'labelled answers',
  wanted: [['labelled'], ['ranked']],
  from: {
    labelled: same,
    ranked: ({ prompt, completions }) => [
      { gives: 'labelled', prompt, completion: completions[0]!.text, label: true },
      { gives: 'labelled', prompt, completion: completions.at(-1)!.text, label: false },
    ],
  },
  row: ({ prompt, completion, label }: Of<'labelled'>): FeedbackRow => ({
    prompt,
    completions: [{ text: completion, label }],
  }),
  says: { ranked: 'The best answer counts as liked, the worst as not liked.' },
};

/** What is asked, without any answer. */
export const toPrompts: Target<'prompt', FeedbackRow> = {
  name: 'prompts',
  rowsAre: 'prompts',
  wanted: [['prompt'], ['completion', 'conversation', 'labelled', 'ranked']],
  from: {
    prompt: same,
    completion: ({ prompt }) => [{ gives: 'prompt', prompt }],
    conversation: ({ messages }) => [{ gives: 'prompt', prompt: askedIn(messages) }],
    labelled: ({ prompt }) => [{ gives: 'prompt', prompt }],
    ranked: ({ prompt }) => [{ gives: 'prompt', prompt }],
  },
  row: ({ prompt }: Of<'prompt'>): FeedbackRow => ({ prompt, completions: [] }),
  says: Object.fromEntries(
    ['completion', 'conversation', 'labelled', 'ranked'].map((meaning) => [meaning, 'Answers are left out.']),
  ),
};

const answerIn = (completion: string | readonly Message[]): string =>
  typeof completion === 'string'
    ? completion
    : (completion.findLast(({ role }) => role === 'assistant')?.content ?? '');
const right = (prompt: PromptValue, completion: string): Of<'labelled'> => ({
  gives: 'labelled',
  prompt,
  completion,
  label: true,
});

/** What is asked, and the right answer that stands beside it: for rewards that compare with it. */
export const toAnswered: Target<'labelled', FeedbackRow> = {
  ...toLabels,
  name: 'prompts',
  rowsAre: 'prompts with right answers',
  wanted: [['completion', 'conversation', 'labelled', 'ranked']],
  from: {
    completion: ({ prompt, completion }) => [right(prompt, answerIn(completion))],
    conversation: ({ messages }) => [right(askedIn(messages), answerIn(messages))],
    labelled: ({ prompt, completion, label }) => (label ? [right(prompt, completion)] : []),
    ranked: ({ prompt, completions }) => [right(prompt, completions[0]!.text)],
  },
  says: { ranked: 'The best answer counts as right.', labelled: 'Answers that were liked count as right.' },
};

/** A row whose plain prompt is what a user says, and whose plain completion is what the assistant says. */
export const asChat = <Row extends ShapedRow>(row: Row): Row =>
  'prompt' in row && typeof row.prompt === 'string' ? { ...row, prompt: asTurns(row.prompt) } : row;
