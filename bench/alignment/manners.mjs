// The stage `manners`: lessons of answering, criticising and revising, and prompts that no lesson is about; the judge `faults`, which knows the world's rule for each principle.
import { Examples, Judge, Prompts, Text } from '@ingot/contracts';
import { definePlugin, defineStage, digest, table } from '@ingot/core';
import { textOf } from '@ingot/data';
import * as z from 'zod';
import { asked } from './lib/asking.mjs';
import { faultsIn, isAbout, lessonsOf, wishes } from './lib/manners.mjs';

const rows = (list) => ({
  rows: list.length,
  async *read() {
    yield* list;
  },
});
const examples = wishes.taught.flatMap(lessonsOf);
/** Wishes in these frames, as prompts. */
export const promptsOf = (some, frames) =>
  some.flatMap((one) => frames.map((number) => [{ role: 'user', content: asked(one, number) }]));

const manners = defineStage({
  name: 'manners',
  version: 1,
  inputs: {},
  outputs: { examples: Examples, text: Text, prompts: Prompts },
  options: z.strictObject({}),
  // its rows are code, and code is not in a key
  fingerprint: async () => digest(JSON.stringify([examples, wishes.asked])),
  async *run() {
    const text = textOf(examples.map(({ messages }) => messages.map(({ content }) => content).join('\n')));
    const prompts = promptsOf(wishes.asked, [0, 1, 2]).map((prompt) => ({ prompt, completions: [] }));
    yield table('Manners', [{ examples: examples.length, prompts: prompts.length, bytes: text.bytes }]);
    return { examples: rows(examples), text, prompts: rows(prompts) };
  },
});

/** The request stands in the question's first line, behind the name of the role. */
const requestOf = (prompt) => prompt.split('\n')[0].replace(/^user: /, '');
/** Fewer faults are better; an answer that is not about the request has more than all. */
const faults = Judge.part({
  name: 'faults',
  version: 1,
  options: z.strictObject({}),
  make:
    () =>
    ({ prompt, first, second }) => {
      const cost = (answer) => (isAbout(requestOf(prompt), answer) ? faultsIn(answer).length : 9);
      return (Math.sign(cost(second) - cost(first)) + 1) / 2;
    },
});

export default definePlugin({ name: 'manners', module: import.meta.url, stages: [manners], parts: [faults] });
