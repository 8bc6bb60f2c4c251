// The stage `reference-scores`: the reference's log-probabilities of feedback, once, for as many runs as want them.
import { setImmediate as breathe } from 'node:timers/promises';
import { defineStage, Installed, text } from '@ingot/core';
import { Device, Model, Pairs, ReferenceScores, type ReferenceRow } from '@ingot/contracts';
import { loadModel } from '@ingot/decoding';
import { chatEncoder } from '@ingot/text';
import * as z from 'zod';
import { encodeCompletions } from './encode.js';
import { tokenScores } from './reference.js';

/** model + feedback -> reference: log π_ref of every completion, token by token. Its cost is one forward pass over the feedback. */
export const referenceScores = defineStage({
  name: 'reference-scores',
  version: 1,
  inputs: { model: Model, feedback: Pairs },
  outputs: { reference: ReferenceScores },
  needs: { device: Device, installed: Installed },
  options: z.strictObject({
    maxTokens: z.int().min(4).optional().describe("as the method's: the model's context unless said"),
    batch: z.int().positive().default(16).describe('completions at once'),
  }),
  computes: true,
  async *run({ inputs: { model, feedback }, options, services, signal }) {
    const { design } = model;
    const maxTokens = options.maxTokens ?? design.context;
    const encoder = chatEncoder({ tokenizer: design.tokenizer, ...(design.chat && { chat: design.chat }) });
    const { completions, rows } = await encodeCompletions(feedback.read(), {
      encoder,
      maxTokens,
      stage: 'reference-scores',
    });
    const open = await loadModel({ ...services, model });
    const scored: { tokens: number[][]; logProbabilities: number[] }[] = Array.from({ length: rows }, () => ({
      tokens: [],
      logProbabilities: [],
    }));
    try {
      for (let first = 0; first < completions.length; first += options.batch) {
        const some = completions.slice(first, first + options.batch);
        tokenScores(open, some, options.batch).forEach((tokens, i) => {
          const { row, completion } = some[i]!;
          scored[row]!.tokens[completion] = Array.from(tokens);
          scored[row]!.logProbabilities[completion] = tokens.reduce((a, b) => a + b, 0);
        });
        await breathe();
        signal.throwIfAborted();
      }
    } finally {
      open.dispose();
    }
    yield text(
      `Log-probabilities of ${completions.length.toLocaleString('en')} completions in ${rows.toLocaleString('en')} rows.`,
    );
    const made: readonly ReferenceRow[] = scored;
    return {
      reference: {
        rows,
        maxTokens,
        read: async function* () {
          yield* made;
        },
      },
    };
  },
});
