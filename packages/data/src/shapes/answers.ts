// What was asked and what was answered, out of columns that may hold either or both.
import type { Message, PromptValue } from '@ingot/contracts';
import { sharedTurns, withSystem } from './messages.js';
import type { Refuse } from './shape.js';

export interface Answered {
  readonly prompt: PromptValue;
  readonly texts: readonly string[];
  /** Some answer is not one turn of the assistant. */
  readonly apart?: true;
}

const asMessages = (prompt: PromptValue): readonly Message[] =>
  typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;

const withoutSystem = (messages: readonly Message[]): readonly Message[] =>
  messages.filter(({ role }) => role !== 'system');

/** Turns as one text, where there is more than one: it can be shown, not learnt from. */
const spelt = (turns: readonly Message[]): string =>
  turns.map(({ role, content }) => `${role}: ${content}`).join('\n\n');

/**
 * Splits conversations that begin alike into the shared prompt and each one's last turn. Equal conversations share all but their last.
 * Where more than one turn differs, or the last is not the assistant's, `apart` says so.
 */
export const splitConversations = (conversations: readonly (readonly Message[])[]): Answered => {
  const [first = [], ...others] = conversations;
  const longest = Math.min(...conversations.map((turns) => turns.length)) - 1;
  const shared = Math.min(longest, ...others.map((other) => sharedTurns(first, other)));
  const rests = conversations.map((turns) => turns.slice(shared));
  const prompt = first.slice(0, shared);
  return rests.every((rest) => rest.length === 1 && rest[0]!.role === 'assistant')
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
  const policy = asked[0]?.role === 'system' ? asked[0].content : undefined;
  const whole = turns.map((answer) =>
    answer[0]?.role === 'assistant' ? [...asked, ...answer] : withSystem(answer, policy),
  );
  const request = withoutSystem(asked);
  if (!whole.every((conversation) => sharedTurns(request, withoutSystem(conversation)) === request.length))
    return refuse("wanted the assistant's turn, or a conversation that begins with the prompt, got another beginning");
  return splitConversations(whole);
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
