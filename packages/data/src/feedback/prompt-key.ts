// The identity of a prompt, and its place from 0 to 1: rows of one prompt always fall on the same side of a split.
import type { ExampleRow, FeedbackRow, PromptValue } from '@ingot/contracts';
import { placeOf } from '../split-documents.js';

/** What was asked, spelt the same whether a plain text or a user's only turn. */
export const promptKey = (prompt: PromptValue): string =>
  JSON.stringify(typeof prompt === 'string' ? [['user', prompt]] : prompt.map(({ role, content }) => [role, content]));

/** A conversation up to its last answer. */
export const askedIn = (messages: Exclude<PromptValue, string>): Exclude<PromptValue, string> => {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  return last < 0 ? messages : messages.slice(0, last);
};

/** The key of a row's prompt; a text is its own. */
export const keyOf = (row: ExampleRow | FeedbackRow): string => {
  if ('completions' in row) return promptKey(row.prompt);
  if ('messages' in row) return promptKey(askedIn(row.messages));
  return 'prompt' in row ? promptKey(row.prompt) : row.text;
};

/** Whether a row's prompt is held out: its hash, as a number from 0 to 1, lies below the share. */
export const isHeldOut = (row: ExampleRow | FeedbackRow, share: number): boolean => placeOf(keyOf(row)) < share;
