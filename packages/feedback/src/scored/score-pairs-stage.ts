// The stage `score-pairs`: completions that have scores already become pairs, best and worst or all of them ranked; nothing is drawn and nothing scored.
import { Pairs, Prompts, type FeedbackRow } from '@ingot/contracts';
import { defineStage, IngotError, table } from '@ingot/core';
import * as z from 'zod';
import { keeping } from '../pairs/options.js';
import { rowOf } from '../pairs/rank.js';
import { scoredOf } from './scored-rows.js';

/** Scored completions, such as those of `rollouts`, become pairs: rows as those of `pairs`, with scores and margins. Prompts whose best and worst are equal have none. */
export const scorePairsStage = defineStage({
  name: 'score-pairs',
  version: 1,
  inputs: { feedback: Prompts },
  outputs: { feedback: Pairs },
  options: z.strictObject(keeping),
  async *run({ inputs, options, signal }) {
    const rows: FeedbackRow[] = [];
    const margins: number[] = [];
    let at = 0;
    for await (const row of inputs.feedback.read()) {
      signal.throwIfAborted();
      const sorted = scoredOf(row, at++, 'score-pairs');
      const made = rowOf(row.prompt, sorted, options);
      if (!made) continue;
      rows.push(made);
      margins.push(sorted.at(0)!.score - sorted.at(-1)!.score);
    }
    if (rows.length === 0)
      throw new IngotError(
        'bad-input',
        `Stage 'score-pairs': not one of ${at} prompts has completions whose scores differ${options.margin > 0 ? ` by ${options.margin}` : ''}. Draw more answers a prompt, take a reward with more steps, or a lower margin.`,
      );
    yield table('Pairs of scored completions', [
      {
        prompts: at,
        'with a pair': rows.length,
        'margin of best and worst': margins.reduce((a, b) => a + b, 0) / margins.length,
      },
    ]);
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
