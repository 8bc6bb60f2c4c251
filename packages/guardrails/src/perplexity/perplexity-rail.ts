// The rail `perplexity`: a prompt is refused whose ends surprise a language model (an optimised suffix), or which is long and surprises it too little.
import type { Decision, RailValue, Verdict } from '@ingot/contracts';
import * as z from 'zod';
import { decisionOption } from '../rails/options.js';
import { END_WORDS, ends, type Perplexity } from './perplexity.js';

/** Above which a prompt is refused; what stands nowhere is not looked at. */
export const perplexityLimits = z
  .strictObject({
    ends: z.number().positive().optional().describe('Perplexity of the first or the last words.'),
    lengthPerPerplexity: z.number().positive().optional().describe('Characters for each unit of perplexity.'),
    decision: decisionOption('refuse'),
  })
  .refine((limits) => limits.ends !== undefined || limits.lengthPerPerplexity !== undefined, {
    error:
      "expected 'ends' or 'lengthPerPerplexity': they depend on the model, so there is no limit that is right for all",
  });
export type PerplexityLimits = z.input<typeof perplexityLimits>;

/** A rail on what people write. It judges a text as a whole: of a stream it would hold back everything. The score is 1 − limit / value. */
export const perplexityRail = (read: (text: string) => Perplexity, limits: PerplexityLimits): RailValue => {
  const { ends: most, lengthPerPerplexity: longest, decision } = perplexityLimits.parse(limits);
  const over = (value: number, limit: number | undefined): boolean => limit !== undefined && value > limit;
  return {
    name: 'perplexity',
    sides: ['input'],
    inspect({ text, from, final }) {
      if (!final) return { verdicts: [], settled: from };
      const found = read(text);
      const places = ends(text, END_WORDS);
      const verdict = (category: string, value: number, limit: number, span: readonly [number, number]): Verdict => {
        const made: Decision = decision;
        return { decision: made, category, score: 1 - limit / value, span };
      };
      const verdicts = [
        ...(['prefix', 'suffix'] as const).flatMap((end) =>
          over(found[end], most) ? [verdict('odd-text', found[end], most!, places[end])] : [],
        ),
        ...(over(found.lengthPerPerplexity, longest)
          ? [verdict('prompt-injection', found.lengthPerPerplexity, longest!, [0, text.length])]
          : []),
      ];
      return { verdicts, settled: text.length };
    },
  };
};
