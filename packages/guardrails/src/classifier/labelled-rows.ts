// Texts with labels out of labelled feedback, and the parts that they are cut into: rows of one prompt are never in two.
import type { CompletionValue, FeedbackRow, PromptValue, RowsValue } from '@ingot/contracts';
import { digest, IngotError } from '@ingot/core';
import type { LabelledText } from './train.js';

/** A text with what it shares with others: its prompt, or itself where there is none. */
export interface GroupedText extends LabelledText {
  readonly group: string;
}
export interface ReadHow {
  /** What the rail will look at: what is answered, or what is asked. */
  readonly reads: 'completion' | 'prompt';
  /** Which of the labels belongs to the category. */
  readonly positive: 'disliked' | 'liked';
}

const lastTurn = (prompt: PromptValue): string =>
  typeof prompt === 'string' ? prompt : (prompt.findLast(({ role }) => role === 'user')?.content ?? '');
const likedOf = ({ label, rank }: CompletionValue, all: readonly CompletionValue[]): boolean | undefined => {
  if (label !== undefined) return label;
  const ranks = all.flatMap((one) => (one.rank === undefined ? [] : [one.rank]));
  return rank === undefined || new Set(ranks).size < 2 ? undefined : rank === Math.min(...ranks);
};

/** Every completion's text, or its prompt's last turn, with its label; texts that stand twice in one group with one label count once. Throws `bad-input` for a completion without a label. */
export const labelledTexts = async (
  rows: RowsValue<FeedbackRow>,
  { reads, positive }: ReadHow,
): Promise<readonly GroupedText[]> => {
  const found = new Map<string, GroupedText>();
  let place = 0;
  for await (const { prompt, completions } of rows.read()) {
    for (const completion of completions) {
      const liked = likedOf(completion, completions);
      if (liked === undefined)
        throw new IngotError(
          'bad-input',
          `Stage 'rail-classifier', row ${place}: wanted completions with a label, or with ranks that differ, got ${JSON.stringify({ label: completion.label, rank: completion.rank })}.`,
        );
      const text = (reads === 'prompt' ? lastTurn(prompt) : completion.text).trim();
      if (text === '') continue;
      const asked = JSON.stringify(prompt);
      const group = reads === 'prompt' || asked === '""' ? text : asked;
      const label = liked === (positive === 'liked');
      found.set(JSON.stringify([group, text, label]), { group, text, label });
    }
    place++;
  }
  return [...found.values()];
};

/** Which part a group falls in, by the first 48 bits of its sha256: `train`, or one of two halves of what is held out. */
export const partOf = (group: string, heldOut: number): 'train' | 'choose' | 'report' => {
  const at = Number.parseInt(digest(group).slice(0, 12), 16) / 2 ** 48;
  if (at >= heldOut) return 'train';
  return at < heldOut / 2 ? 'choose' : 'report';
};
