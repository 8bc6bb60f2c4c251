// What a model says while it learns: the first answer to a prompt beside the latest.
import type { EventOf } from '@ingot/core';
import { bestAndWorst, type Rollouts } from '../rollout-table.js';
import { short } from './format.js';
import { excerpt } from './plain.js';

interface Answer {
  readonly text: string;
  readonly step: number | undefined;
}
/** The answers of one stage to the prompt that it was first asked. */
interface Asked {
  readonly stage: string;
  readonly prompt: string;
  readonly first: Answer;
  readonly last: Answer;
}
/** Takes in samples and rollouts; of each stage the first prompt is followed. */
export const followSamples = () => {
  let asked: Asked | undefined;
  /** The latest answers that were learnt from, and whose they are. */
  let round: { readonly stage: string; readonly rollouts: Rollouts } | undefined;
  return {
    /** Rollouts of held-out prompts are followed as samples are; of a round the best and the worst answer stand. */
    takeRollouts(stage: string, rollouts: Rollouts): void {
      const [first] = rollouts.rows;
      if (rollouts.at === '') round = { stage, rollouts };
      else if (first) this.take(stage, { type: 'sample', prompt: first.prompt, text: first.answer }, rollouts.step);
    },
    take(stage: string, { prompt = '', text }: EventOf<'sample'>, step: number | undefined): void {
      const answer = { text, step };
      if (asked?.stage !== stage) asked = { stage, prompt, first: answer, last: answer };
      else if (asked.prompt === prompt) asked = { ...asked, last: answer };
    },
    /** Rows of [what, text], each cut to `length`. */
    lines(length: number): (readonly [string, string])[] {
      const [best, worst] = round ? bestAndWorst(round.rollouts) : [];
      const rounds: (readonly [string, string])[] =
        best && worst && (!asked || asked.stage === round?.stage)
          ? [
              [`best ${short(best.reward)}`, excerpt(best.answer, length)],
              ...(best.reward > worst.reward
                ? [[`worst ${short(worst.reward)}`, excerpt(worst.answer, length)] as const]
                : []),
            ]
          : [];
      if (!asked) return rounds;
      const { prompt, first, last } = asked;
      const said = ({ text }: Answer): string => excerpt(`${prompt}${text}`, length);
      if (first === last || first.step === last.step) return [['it says', said(last)], ...rounds];
      return [[`step ${first.step ?? 0}`, said(first)], [`step ${last.step ?? 0}`, said(last)], ...rounds];
    },
  };
};
