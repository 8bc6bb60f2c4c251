// Right answers of feedback, for rewards that compare an answer with them.
import type { FeedbackRow } from './values.js';

/** What a right answer to the row's prompt says: its completions that are liked, ranked first, or stand there without a mark. None for a prompt alone. */
export const referencesOf = ({ completions }: FeedbackRow): readonly string[] =>
  completions
    .filter(({ label, rank, score }) => label ?? (rank === undefined ? score === undefined : rank === 0))
    .map(({ text }) => text);
