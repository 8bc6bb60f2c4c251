// Columns that many shapes have.
import type { Message, PromptValue } from '@ingot/contracts';
import { typeWord } from '../rows/row.js';
import { isTurn, readMessages } from './messages.js';
import { field, type Refuse } from './shape.js';

const readText = (value: unknown, refuse: Refuse): string =>
  typeof value === 'string' ? value : refuse(`wanted a text, got ${typeWord(value)}`);

const readTextOrMessages = (value: unknown, refuse: Refuse): PromptValue =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? readMessages(value, refuse)
      : refuse(`wanted a text or a list of messages, got ${typeWord(value)}`);

/** Plain text. */
export const textField = field(readText);
/** A conversation. */
export const messagesField = field(readMessages);
/** Plain text or a conversation. */
export const promptField = field(readTextOrMessages);
/** Plain text, a conversation, or one turn alone. */
export const answerField = field((value, refuse): string | readonly Message[] =>
  isTurn(value)
    ? readMessages([value], (message, path = []) => refuse(message, path.slice(1)))
    : readTextOrMessages(value, refuse),
);
/** Liked or not. */
export const labelField = field((value, refuse): boolean =>
  typeof value === 'boolean'
    ? value
    : value === 1 || value === 0
      ? value === 1
      : refuse(`wanted true or false, got ${typeWord(value)}`),
);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
/** A finite number. */
export const numberField = field((value, refuse): number =>
  isNumber(value) ? value : refuse(`wanted a number, got ${typeWord(value)}`),
);
/** How much a row counts in a supervised loss. */
export const weightField = field((value, refuse): number =>
  isNumber(value) && value >= 0 ? value : refuse(`wanted a weight of 0 or more, got ${typeWord(value)}`),
);
/** A list whose entries are read one by one. */
export const listField = <T>(read: (value: unknown, refuse: Refuse) => T) =>
  field((value, refuse): readonly T[] =>
    Array.isArray(value)
      ? value.map((entry: unknown, at) => read(entry, (message, path = []) => refuse(message, [at, ...path])))
      : refuse(`wanted a list, got ${typeWord(value)}`),
  );
/** A list of texts. */
export const textsField = listField(readText);
/** A list of finite numbers. */
export const numbersField = listField((value, refuse): number =>
  isNumber(value) ? value : refuse(`wanted a number, got ${typeWord(value)}`),
);
/** A list of true and false. */
export const labelsField = listField((value, refuse): boolean =>
  typeof value === 'boolean' ? value : refuse(`wanted true or false, got ${typeWord(value)}`),
);
