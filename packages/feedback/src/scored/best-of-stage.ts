// The stage `best-of`: the best scored completions of each prompt become examples, for supervised tuning on them. Best of n (Stiennon et al. 2020), RAFT (Dong et al. 2023), rejection sampling (Touvron et al. 2023).
import { Examples, Prompts, type ExampleRow, type PromptValue } from '@ingot/contracts';
import { defineStage, IngotError, table } from '@ingot/core';
import * as z from 'zod';
import { scoredOf } from './scored-rows.js';

/** Only the answer is learnt: turns of the assistant that the prompt has are not. */
const exampleOf = (prompt: PromptValue, text: string): ExampleRow =>
  typeof prompt === 'string'
    ? { prompt, completion: text }
    : {
        messages: [
          ...prompt.map((message) => ({ ...message, ...(message.role === 'assistant' && { weight: 0 }) })),
          { role: 'assistant', content: text },
        ],
      };

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / Math.max(1, x.length);

/** Scored completions, such as those of `rollouts`, become examples: of each prompt the best, each text once. Scores are taken as they stand. */
export const bestOfStage = defineStage({
  name: 'best-of',
  version: 1,
  inputs: { feedback: Prompts },
  outputs: { examples: Examples },
  options: z.strictObject({
    count: z.int().positive().default(1).describe('The best so many of each prompt.'),
    least: z
      .number()
      .optional()
      .describe('Completions with a lower score are left out, and so are prompts without any.'),
  }),
  async *run({ inputs, options: { count, least }, signal }) {
    const rows: ExampleRow[] = [];
    const [all, kept]: [number[], number[]] = [[], []];
    let [at, without] = [0, 0];
    for await (const row of inputs.feedback.read()) {
      signal.throwIfAborted();
      const scored = scoredOf(row, at++, 'best-of');
      const best = scored.slice(0, count).filter(({ score }) => least === undefined || score >= least);
      for (const { score } of scored) all.push(score);
      for (const { text, score } of best) {
        rows.push(exampleOf(row.prompt, text));
        kept.push(score);
      }
      if (best.length === 0) without++;
    }
    if (rows.length === 0)
      throw new IngotError(
        'bad-input',
        `Stage 'best-of': not one of ${all.length} completions of ${at} prompts is kept${least === undefined ? '' : ` (least ${least}, the best has ${Math.max(...all)})`}. Give rows with scored completions, or a lower 'least'.`,
      );
    yield table('The best of the completions', [
      { completions: 'all, each text once', count: all.length, reward: mean(all) },
      { completions: 'kept as examples', count: kept.length, reward: mean(kept) },
      ...(without > 0 ? [{ completions: 'prompts without one', count: without }] : []),
    ]);
    return {
      examples: {
        rows: rows.length,
        async *read() {
          yield* rows;
        },
      },
    };
  },
});
