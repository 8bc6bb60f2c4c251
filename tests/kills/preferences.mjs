// A plugin in plain JavaScript: preferences and examples made of one sentence's words.
import { Examples, Pairs } from '@ingot/contracts';
import { definePlugin, defineStage } from '@ingot/core';
import * as z from 'zod';

const words = ['the ', 'whale ', 'swims ', 'on ', 'and ', 'sea ', 'is ', 'wide '];
const rows = (made) => ({
  rows: made.length,
  async *read() {
    yield* made;
  },
});
const word = (n) => words[n % words.length];
const stage = defineStage({
  name: 'preferences-in-code',
  version: 1,
  inputs: {},
  outputs: { feedback: Pairs, mix: Examples },
  options: z.strictObject({}),
  async *run() {
    const pairs = Array.from({ length: 40 }, (_, i) => ({
      prompt: word(i) + word(i + 3),
      completions: [
        { text: `whale ${word(i + 1)}`, rank: 0 },
        { text: `${word(i + 2)}${word(5 * i + 1)}wide`, rank: 1 },
      ],
    }));
    const examples = Array.from({ length: 8 }, (_, i) => ({ prompt: word(i), completion: word(i + 1) + word(i + 2) }));
    return { feedback: rows(pairs), mix: rows(examples) };
  },
});

/** Installs the stage `preferences-in-code`. */
export const preferencesInCode = definePlugin({
  name: 'kill-preferences',
  module: import.meta.url,
  stages: [stage],
});
