// Reward `exact-match`: 1 when the answer is one of the right ones that the prompt's row carries. A reward that can be verified: Lambert et al. 2024 (Tülu 3); TRL's accuracy_reward.
import { Reward, type Answer } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { compileExtract, extractAnswer, NORMALISE, type Normalisation } from '@ingot/text';
import * as z from 'zod';

/** How the answer is found in a completion and compared. */
export interface ExactMatchHow {
  readonly extract?: string | undefined;
  readonly take: 'first' | 'last';
  readonly normalise: Normalisation;
}

/**
 * A function that gives 1 for a right answer and 0 for a wrong one, as the task `exact-match` counts. Errors: `bad-input` for a pattern that is
 * none, and for an answer whose prompt brings no right answer.
 */
export function exactMatchReward({ extract, take, normalise }: ExactMatchHow): (answer: Answer) => number {
  const pattern = extract === undefined ? undefined : compileExtract(extract, "Reward 'exact-match'");
  const spell = NORMALISE[normalise];
  return ({ prompt, text, references = [] }) => {
    if (references.length === 0)
      throw new IngotError(
        'bad-input',
        `Reward 'exact-match': the prompt ${JSON.stringify(prompt).slice(0, 80)} brings no right answer to compare with. Give rows with answers: the stage 'prompts' with answers: true, 'labels', or 'preferences'.`,
      );
    const answerIn = (whole: string) => (pattern ? extractAnswer(whole, pattern, take) : whole);
    const said = answerIn(text);
    return Number(
      said !== undefined && references.some((reference) => spell(answerIn(reference) ?? reference) === spell(said)),
    );
  };
}

/** Reward `exact-match`: 1 or 0. The right answers are completions of the prompt's row that are liked, ranked first or unmarked. */
export const exactMatchPart = Reward.part({
  name: 'exact-match',
  version: 1,
  options: z.strictObject({
    extract: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A regular expression that takes the answer out of the completion, and of a right answer where it is found there: its first group that matched, or the whole match. The whole text unless said.',
      ),
    take: z.enum(['first', 'last']).default('last').describe('Which match of the expression is the answer.'),
    normalise: z
      .enum(Object.keys(NORMALISE) as [Normalisation, ...Normalisation[]])
      .default('trim')
      .describe('How answers are spelt before they are compared.'),
  }),
  make: exactMatchReward,
});
