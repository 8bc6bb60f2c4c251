// The stage `openings`: examples and prompts that are cut out of a text.
import { Examples, Prompts, Text, type ExampleRow, type FeedbackRow, type PromptValue } from '@ingot/contracts';
import { defineStage, IngotError, table, text as line } from '@ingot/core';
import * as z from 'zod';
import { rowsOf } from './feedback/load-rows.js';
import { isHeldOut, promptKey } from './feedback/prompt-key.js';
import { cutOpening, type Opening } from './openings.js';
import { SPLITTERS } from './read-documents.js';

const options = z.strictObject({
  passage: z
    .enum(['paragraph', 'document'])
    .default('paragraph')
    .describe('What is cut in two: every paragraph, or every document (a chapter, where each is a document).'),
  openingWords: z.int().positive().default(12).describe('About how many words the request has.'),
  responseWords: z.int().positive().default(24).describe('At most how many words the answer has.'),
  limit: z.int().positive().optional().describe('At most this many passages, from the first on.'),
  holdOut: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('The share of openings that become prompts only: no example begins like one of them.'),
  chat: z.boolean().default(false).describe('Conversations: the user says the opening, the assistant goes on.'),
});
type Options = z.output<typeof options>;

const promptOf = (opening: string, chat: boolean): PromptValue =>
  chat ? [{ role: 'user', content: opening }] : opening;
const exampleOf = ({ opening, continuation }: Opening, chat: boolean): ExampleRow =>
  chat
    ? {
        messages: [
          { role: 'user', content: opening },
          { role: 'assistant', content: continuation.trim() },
        ],
      }
    : { prompt: opening, completion: continuation };

/** Openings of all passages that are long enough, each opening once. */
const openingsOf = (
  documents: readonly string[],
  how: Options,
): { readonly passages: number; readonly cuts: readonly Opening[] } => {
  const passages = documents.flatMap((document) =>
    SPLITTERS[how.passage === 'document' ? 'file' : 'paragraph'](document),
  );
  const cuts = new Map<string, Opening>();
  for (const passage of passages) {
    const cut = cutOpening(passage, how);
    const key = cut && promptKey(cut.opening);
    if (cut && key !== undefined && !cuts.has(key)) cuts.set(key, cut);
    if (cuts.size === how.limit) break;
  }
  return { passages: passages.length, cuts: [...cuts.values()] };
};

/**
 * Cuts the passages of a text into openings and continuations: examples of most, prompts of the openings that are held out.
 * Throws 'bad-input' when no passage is long enough, or one side would be empty.
 */
export const openings = defineStage({
  name: 'openings',
  version: 1,
  inputs: { text: Text },
  outputs: { examples: Examples, prompts: Prompts },
  options,
  async *run({ inputs, options: how }) {
    const documents: string[] = [];
    for await (const document of inputs.text.read()) documents.push(document);
    const { passages, cuts } = openingsOf(documents, how);
    const prompts = cuts
      .map(({ opening }): FeedbackRow => ({ prompt: promptOf(opening, how.chat), completions: [] }))
      .filter((row) => isHeldOut(row, how.holdOut));
    const examples = cuts.map((cut) => exampleOf(cut, how.chat)).filter((row) => !isHeldOut(row, how.holdOut));
    if (examples.length === 0 || prompts.length === 0)
      throw new IngotError(
        'bad-input',
        `Stage 'openings': wanted passages for examples and for prompts, got ${examples.length} and ${prompts.length} of ${passages} (${how.passage}). Give a longer text, smaller openingWords and responseWords, or another holdOut.`,
      );
    yield line(
      'These examples are cut out of the text itself: the opening of a passage is the request, its continuation the answer. Nobody asked or wrote them.',
    );
    yield table('Openings', [
      { passages, 'long enough': cuts.length, examples: examples.length, 'prompts only': prompts.length },
    ]);
    return { examples: rowsOf(examples), prompts: rowsOf(prompts) };
  },
});
