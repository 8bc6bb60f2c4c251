// What was asked and what was answered, out of columns that may hold either or both.
import type { Message, PromptValue } from '@ingot/contracts';
import { sharedTurns } from './messages.js';
import type { Refuse } from './shape.js';

export interface Answered {
  readonly prompt: PromptValue;
  readonly texts: readonly string[];
  /** The answers differ in more than their last turn. */
  readonly apart?: true;
}

const asMessages = (prompt: PromptValue): readonly Message[] =>
  typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;

/** The turns from `from` on as one text, where there is more than one: it can be shown, not learnt from. */
const spelt = (turns: readonly Message[]): string =>
  turns.map(({ role, content }) => `${role}: ${content}`).join('\n\n');

/**
 * Splits conversations that begin alike into the shared prompt and each one's last turn. Equal conversations share all but their last.
 * Where more than one turn differs, `apart` says so.
 */
export const splitConversations = (conversations: readonly (readonly Message[])[], refuse: Refuse): Answered => {
  const [first = [], ...others] = conversations;
  const longest = Math.min(...conversations.map((turns) => turns.length)) - 1;
  const shared = Math.min(longest, ...others.map((other) => sharedTurns(first, other)));
  const rests = conversations.map((turns) => turns.slice(shared));
  const asking = rests.find((rest) => rest.at(-1)?.role !== 'assistant');
  if (asking)
    return refuse(
      `wanted an answer that ends with the assistant's turn, got one that ends with the ${asking.at(-1)?.role}'s`,
    );
  const prompt = first.slice(0, shared);
  return rests.every((rest) => rest.length === 1)
    ? { prompt, texts: rests.map((rest) => rest[0]!.content) }
    : { prompt, texts: rests.map(spelt), apart: true };
};

/**
 * Answers to one prompt. An answer is a text, the assistant's turn, or the whole conversation with the prompt at its beginning.
 * Refuses a mixture of texts and conversations, and conversations that do not begin with the prompt.
 */
export const answersTo = (
  prompt: PromptValue,
  answers: readonly (string | readonly Message[])[],
  refuse: Refuse,
): Answered => {
  const texts = answers.filter((answer) => typeof answer === 'string');
  if (texts.length === answers.length) return { prompt, texts };
  const turns = answers.filter((answer) => typeof answer !== 'string');
  if (texts.length > 0) return refuse('wanted all answers as texts or all as messages, got both');
  const asked = asMessages(prompt);
  const whole = turns.map((answer) => (answer[0]?.role === 'assistant' ? [...asked, ...answer] : answer));
  if (
    !whole.every((conversation) =>
      asked.every((turn, at) => conversation[at]?.content === turn.content || turn.role === 'system'),
    )
  )
    return refuse("wanted the assistant's turn, or a conversation that begins with the prompt, got another beginning");
  return splitConversations(whole, refuse);
};

/** A conversation as its prompt and the last turn, which is the assistant's. */
export const lastAnswer = (
  messages: readonly Message[],
  refuse: Refuse,
): { readonly prompt: readonly Message[]; readonly completion: string } => {
  const last = messages.at(-1);
  if (last?.role !== 'assistant')
    return refuse(`wanted a conversation that ends with the assistant's turn, got the ${last?.role}'s`);
  return { prompt: messages.slice(0, -1), completion: last.content };
};

/**
 * What texts begin alike with, up to the end of its last whole word, and how each goes on; white space belongs to what follows.
 * Equal texts have no shared prompt.
 */
export const splitTexts = (
  one: string,
  other: string,
): { readonly prompt: string; readonly texts: readonly [string, string] } => {
  if (one === other) return { prompt: '', texts: [one, other] };
  let shared = 0;
  while (shared < Math.min(one.length, other.length) && one[shared] === other[shared]) shared++;
  const ends = (text: string) => shared === text.length || /\s/.test(text.charAt(shared));
  let cut = shared;
  if (!(ends(one) && ends(other))) while (cut > 0 && !/\s/.test(one.charAt(cut))) cut--;
  while (cut > 0 && /\s/.test(one.charAt(cut - 1))) cut--;
  return { prompt: one.slice(0, cut), texts: [one.slice(cut), other.slice(cut)] };
};
