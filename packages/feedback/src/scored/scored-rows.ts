// Completions with scores, such as those of the stage `rollouts`, as what a stage can rank: each text once, and none without a word.
import type { FeedbackRow } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { ranked } from '../pairs/rank.js';
import type { Measured } from '../pairs/length-bias.js';

/** The scored completions of a row, best first; equal ones in the order in which they stand. A text that stands twice has its higher score. Throws `bad-input` for one without a score. */
export function scoredOf({ completions }: FeedbackRow, at: number, stage: string): Measured[] {
  const byText = new Map<string, Measured>();
  completions.forEach(({ text, score }, i) => {
    if (score === undefined || !Number.isFinite(score))
      throw new IngotError(
        'bad-input',
        `Stage '${stage}', row ${at}: completion ${i + 1} of ${completions.length} has no score. Give completions with scores, such as those of 'rollouts', or of 'pairs' with keep: 'all'.`,
      );
    if (text.trim() === '' || (byText.get(text)?.score ?? -Infinity) >= score) return;
    byText.set(text, { text, tokens: 0, score });
  });
  return ranked([...byText.values()]);
}
