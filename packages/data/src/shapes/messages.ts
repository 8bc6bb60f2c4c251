// Conversations in the spellings of the field: {role, content} of OpenAI and TRL, {from, value} of ShareGPT.
import type { Message } from '@ingot/contracts';
import { typeWord } from '../rows/row.js';
import type { Refuse } from './shape.js';

const ROLES = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  prompter: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  chatgpt: 'assistant',
} as const satisfies Record<string, Message['role']>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value looks like one turn of a conversation. */
export const isTurn = (value: unknown): boolean =>
  isObject(value) &&
  (('role' in value && ('content' in value || 'tool_calls' in value)) || ('from' in value && 'value' in value));

/** Whether a value looks like a conversation. */
export const isConversation = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && isTurn(value[0]);

const textParts = (content: unknown): string | undefined =>
  Array.isArray(content) &&
  content.every((part) => isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string')
    ? content.map((part: { readonly text: string }) => part.text).join('')
    : undefined;

const readTurn = (turn: unknown, at: number, refuse: Refuse): Message => {
  if (!isObject(turn) || !isTurn(turn))
    return refuse(`wanted a turn {role, content} or {from, value}, got ${typeWord(turn)}`, [at]);
  const [roleKey, contentKey] = 'role' in turn ? ['role', 'content'] : ['from', 'value'];
  for (const extra of ['tool_calls', 'thinking', 'function_call'])
    if (turn[extra] !== undefined && turn[extra] !== null)
      return refuse(`wanted a turn of text, got one with '${extra}', which no example can hold`, [at, extra]);
  const role = turn[roleKey];
  if (typeof role !== 'string' || !(role in ROLES))
    return refuse(
      `wanted a role of ${Object.keys(ROLES).join(', ')}, got ${typeof role === 'string' ? `'${role}'` : typeWord(role)}`,
      [at, roleKey],
    );
  const content = textParts(turn[contentKey]) ?? turn[contentKey];
  if (typeof content !== 'string')
    return refuse(`wanted text (or a list of text parts), got ${typeWord(content)}`, [at, contentKey]);
  const { weight } = turn;
  if (weight === undefined || weight === null) return { role: ROLES[role as keyof typeof ROLES], content };
  if (typeof weight !== 'number' || !(weight >= 0))
    return refuse(`wanted a weight of 0 or more, got ${typeWord(weight)}`, [at, 'weight']);
  return { role: ROLES[role as keyof typeof ROLES], content, weight };
};

/** A conversation of at least one turn, in our roles; refuses unknown roles, tool calls and turns that are not text. */
export const readMessages = (value: unknown, refuse: Refuse): readonly Message[] => {
  if (!Array.isArray(value) || value.length === 0)
    return refuse(`wanted a list of turns {role, content} or {from, value}, got ${typeWord(value)}`);
  return value.map((turn: unknown, at) => readTurn(turn, at, refuse));
};

/** Whether two turns say the same. */
export const sameTurn = (one: Message | undefined, other: Message | undefined): boolean =>
  one !== undefined && other !== undefined && one.role === other.role && one.content === other.content;

/** How many turns two conversations begin alike with. */
export const sharedTurns = (one: readonly Message[], other: readonly Message[]): number => {
  let shared = 0;
  while (sameTurn(one[shared], other[shared])) shared++;
  return shared;
};

/** With a system prompt before them, unless they begin with one of their own. */
export const withSystem = (messages: readonly Message[], system: string | undefined): readonly Message[] =>
  system === undefined || system.trim() === '' || messages[0]?.role === 'system'
    ? messages
    : [{ role: 'system', content: system }, ...messages];
