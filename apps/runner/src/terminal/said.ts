// What a model says while it learns: the first answer to a prompt beside the latest.
import type { EventOf } from '@ingot/core';
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
/** Takes in samples; of each stage the first prompt is followed. */
export const followSamples = () => {
  let asked: Asked | undefined;
  return {
    take(stage: string, { prompt = '', text }: EventOf<'sample'>, step: number | undefined): void {
      const answer = { text, step };
      if (asked?.stage !== stage) asked = { stage, prompt, first: answer, last: answer };
      else if (asked.prompt === prompt) asked = { ...asked, last: answer };
    },
    /** Rows of [what, text], each cut to `length`. */
    lines(length: number): (readonly [string, string])[] {
      if (!asked) return [];
      const { prompt, first, last } = asked;
      const said = ({ text }: Answer): string => excerpt(`${prompt}${text}`, length);
      if (first === last || first.step === last.step) return [['it says', said(last)]];
      return [
        [`step ${first.step ?? 0}`, said(first)],
        [`step ${last.step ?? 0}`, said(last)],
      ];
    },
  };
};
