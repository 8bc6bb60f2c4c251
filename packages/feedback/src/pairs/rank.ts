// From the scored samples of one prompt to a row of feedback: best and worst, or all of them, best first.
import type { FeedbackRow, PromptValue } from '@ingot/contracts';
import type { Measured } from './length-bias.js';

export interface RankHow {
  readonly keep: 'best-worst' | 'all';
  /** The least difference of best and worst; equal ones are a tie whatever it is. */
  readonly margin: number;
}

/** The scored samples, best first; equal ones in the order in which they were drawn. */
export const ranked = <One extends Measured>(samples: readonly One[]): One[] =>
  [...samples].sort((a, b) => b.score - a.score);

/** The row of a prompt's samples, best first, or undefined for fewer than two of them and for a tie. */
export function rowOf(
  prompt: PromptValue,
  sorted: readonly Measured[],
  { keep, margin }: RankHow,
): FeedbackRow | undefined {
  const [best, worst] = [sorted.at(0), sorted.at(-1)];
  if (!best || !worst) return undefined;
  const difference = best.score - worst.score;
  if (!(difference > 0) || difference < margin) return undefined;
  const of = ({ text, score }: Measured, rank: number) => ({ text, rank, score });
  if (keep === 'best-worst')
    return {
      prompt,
      completions: [
        { ...of(best, 0), label: true },
        { ...of(worst, 1), label: false },
      ],
      margin: difference,
    };
  const ranks = sorted.map(({ score }) => sorted.findIndex((other) => other.score === score));
  return { prompt, completions: sorted.map((sample, at) => of(sample, ranks[at] ?? at)) };
}
