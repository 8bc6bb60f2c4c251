// Shapes to learn text from and to ask with: TRL's language modelling, prompt-only and prompt-completion, standard and conversational.
import { messagesField, promptField, textField, answerField, weightField } from './fields.js';
import { withSystem } from './messages.js';
import { shape } from './shape.js';

const optional = { weight: weightField };
const system = { system: textField };

/** {text}. */
export const textShape = shape({
  name: 'text',
  about: 'text of which every token is learnt',
  gives: 'text',
  columns: { text: textField },
  optional,
  read: ({ text, weight }) => ({ gives: 'text', text, ...(weight === undefined ? {} : { weight }) }),
});

/** {messages}. */
export const messagesShape = shape({
  name: 'messages',
  about: 'a conversation',
  gives: 'conversation',
  columns: { messages: messagesField },
  optional: system,
  read: (row) => ({ gives: 'conversation', messages: withSystem(row.messages, row.system) }),
});

/** ShareGPT's {conversations: [{from, value}], system?}. */
export const sharegptShape = shape({
  name: 'sharegpt',
  about: 'a conversation as ShareGPT spells it',
  gives: 'conversation',
  columns: { conversations: messagesField },
  optional: system,
  read: (row) => ({ gives: 'conversation', messages: withSystem(row.conversations, row.system) }),
});

/** {prompt}. */
export const promptShape = shape({
  name: 'prompt',
  about: 'a prompt alone',
  gives: 'prompt',
  columns: { prompt: promptField },
  read: ({ prompt }) => ({ gives: 'prompt', prompt }),
});

/** {prompt, completion}. */
export const promptCompletionShape = shape({
  name: 'prompt-completion',
  about: 'a prompt and how it goes on',
  gives: 'completion',
  columns: { prompt: promptField, completion: answerField },
  optional,
  read: ({ prompt, completion, weight }) => ({
    gives: 'completion',
    prompt,
    completion,
    ...(weight === undefined ? {} : { weight }),
  }),
});
