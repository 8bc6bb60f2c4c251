// Shapes of a better and a worse answer: TRL's, with an explicit or implicit prompt, and LLaMA-Factory's of Alpaca and ShareGPT.
import type { Message, PromptValue } from '@ingot/contracts';
import { answersTo, splitConversations, splitTexts, type Answered } from './answers.js';
import { answerField, messagesField, numberField, promptField, textField } from './fields.js';
import { isTranscript } from './hh-rlhf.js';
import { isTurn, withSystem } from './messages.js';
import { instructionOf } from './instruction.js';
import { shape, type RankedRow, type Refuse } from './shape.js';

/** Columns in which data sets say how good each of the two is: for the first three more is better, for ranks less. */
const SCORES = {
  score_chosen: 'score_rejected',
  chosen_score: 'rejected_score',
  chosen_rating: 'rejected_rating',
} as const;
const verdicts = {
  margin: numberField,
  score_chosen: numberField,
  score_rejected: numberField,
  chosen_score: numberField,
  rejected_score: numberField,
  chosen_rating: numberField,
  rejected_rating: numberField,
  chosen_rank: numberField,
  rejected_rank: numberField,
};
type Verdicts = { readonly [K in keyof typeof verdicts]?: number | undefined };

const pair = ({ prompt, texts: [chosen = '', rejected = ''], apart }: Answered, given: Verdicts): RankedRow => {
  const scores = Object.entries(SCORES)
    .map(([best, worst]) => [given[best as keyof typeof SCORES], given[worst as (typeof SCORES)[keyof typeof SCORES]]])
    .find(([best, worst]) => best !== undefined && worst !== undefined);
  const [best, worst] = scores ?? [];
  const lead =
    best !== undefined && worst !== undefined ? best - worst : (given.rejected_rank ?? 0) - (given.chosen_rank ?? 0);
  const ranked = best !== undefined || (given.chosen_rank !== undefined && given.rejected_rank !== undefined);
  return {
    gives: 'ranked',
    prompt,
    completions: [
      { text: chosen, rank: 0, ...(best === undefined ? {} : { score: best }) },
      { text: rejected, rank: 1, ...(worst === undefined ? {} : { score: worst }) },
    ],
    ...(given.margin === undefined ? {} : { margin: given.margin }),
    ...(ranked && lead !== 0 ? { agrees: lead > 0 } : {}),
    ...(apart ? { apart } : {}),
  };
};

type Answer = string | readonly Message[];
const explicit = (
  prompt: PromptValue,
  row: { readonly chosen: Answer; readonly rejected: Answer } & Verdicts,
  refuse: Refuse,
) =>
  pair(
    answersTo(prompt, [row.chosen, row.rejected], (message) => refuse(message, ['chosen'])),
    row,
  );

const answers = { chosen: answerField, rejected: answerField };
const optional = { ...verdicts, system: textField };

/** {prompt, chosen, rejected}. */
export const preferenceShape = shape({
  name: 'preference',
  about: 'a prompt, the better and the worse answer',
  gives: 'ranked',
  columns: { prompt: promptField, ...answers },
  optional: verdicts,
  read: (row, refuse) => explicit(row.prompt, row, refuse),
});

/** {chosen, rejected}, each with the prompt at its beginning. */
export const implicitPreferenceShape = shape({
  name: 'implicit-preference',
  about: 'the better and the worse text or conversation, which begin alike',
  gives: 'ranked',
  columns: answers,
  optional: verdicts,
  fits: ({ chosen, rejected }) => !(isTranscript(chosen) && isTranscript(rejected)),
  read: (row, refuse) => {
    const { chosen, rejected } = row;
    if (typeof chosen === 'string' && typeof rejected === 'string') return pair(splitTexts(chosen, rejected), row);
    if (typeof chosen === 'string' || typeof rejected === 'string')
      return refuse('wanted both as texts or both as messages, got one of each', ['chosen']);
    return pair(splitConversations([chosen, rejected]), row);
  },
});

/** One turn, or a text, beside a conversation: a list would be the whole conversation, and an implicit prompt. */
const besides = ({ chosen, rejected }: Readonly<Record<string, unknown>>): boolean =>
  [chosen, rejected].every((answer) => isTurn(answer) || typeof answer === 'string');

/** LLaMA-Factory's {conversations, chosen: {from, value}, rejected: {from, value}}. */
export const sharegptPreferenceShape = shape({
  name: 'sharegpt-preference',
  about: 'a ShareGPT conversation and the better and the worse next turn',
  gives: 'ranked',
  columns: { conversations: messagesField, ...answers },
  optional,
  fits: besides,
  read: (row, refuse) => explicit(withSystem(row.conversations, row.system), row, refuse),
});

/** The same with {messages}. */
export const messagesPreferenceShape = shape({
  name: 'messages-preference',
  about: 'a conversation and the better and the worse next turn',
  gives: 'ranked',
  columns: { messages: messagesField, ...answers },
  optional,
  fits: besides,
  read: (row, refuse) => explicit(withSystem(row.messages, row.system), row, refuse),
});

/** LLaMA-Factory's {instruction, input?, chosen, rejected}. */
export const alpacaPreferenceShape = shape({
  name: 'alpaca-preference',
  about: 'an instruction, the better and the worse answer',
  gives: 'ranked',
  columns: { instruction: textField, ...answers },
  optional: { ...optional, input: textField },
  read: (row, refuse) => explicit(instructionOf(row), row, refuse),
});
