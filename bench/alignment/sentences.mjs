// The stage `sentences`: the generated sentences of packages/guardrails/src/fixtures/rail-corpus.json (bench/peers/rail_corpus.py) that a classifier learns from, as labelled feedback.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Labels } from '@ingot/contracts';
import { definePlugin, defineStage, digest, text } from '@ingot/core';
import * as z from 'zod';
import { root } from '../../scripts/lib/run.mjs';

/** Sentences to learn from, and others with other frames and half other words: { text, label }. */
export const { sentences: generated } = JSON.parse(
  readFileSync(join(root, 'packages/guardrails/src/fixtures/rail-corpus.json'), 'utf8'),
);

const sentences = defineStage({
  name: 'sentences',
  version: 1,
  inputs: {},
  outputs: { feedback: Labels },
  options: z.strictObject({}),
  fingerprint: async () => digest(JSON.stringify(generated.train)),
  async *run() {
    const rows = generated.train.map(({ text: said, label }) => ({
      prompt: '',
      completions: [{ text: said, label: !label }],
    }));
    yield text(`${rows.length} sentences.`);
    return {
      feedback: {
        rows: rows.length,
        async *read() {
          yield* rows;
        },
      },
    };
  },
});

export default definePlugin({ name: 'sentences', module: import.meta.url, stages: [sentences] });
