// Feedback as rankings of tokens for a reward model of one's own, with what is wrong in the rows.
import { IngotError } from '@ingot/core';
import type { FeedbackRow, RowsValue } from '@ingot/contracts';
import { encodeCompletion, type ChatEncoder } from '@ingot/text';
import { rankedPairs, type RankedAnswers } from '@ingot/training';
import { isHeldOut } from './prompts.js';

export interface ReadPairsHow {
  readonly encoder: ChatEncoder;
  readonly maxTokens: number;
  /** Share of prompts whose rows are kept for evaluation. */
  readonly heldOut: number;
  /** For messages. */
  readonly stage: string;
}
/** Rows with pairs, by whether their prompt is held out. */
export interface ReadPairs {
  readonly train: readonly RankedAnswers[];
  readonly heldOut: readonly RankedAnswers[];
}

/**
 * Reads and encodes rows with pairs; rows of one answer, or of ties, are passed over.
 * @throws IngotError `bad-wiring` where no row has a pair; `bad-input` for an empty answer, for pairs that are all of the same text, and for scores that contradict most ranks.
 */
export async function readPairs(feedback: RowsValue<FeedbackRow>, how: ReadPairsHow): Promise<ReadPairs> {
  const { encoder, maxTokens, stage } = how;
  const [train, heldOut]: [RankedAnswers[], RankedAnswers[]] = [[], []];
  let [at, pairsSeen, identical, contradicted] = [-1, 0, 0, 0];
  for await (const row of feedback.read()) {
    at++;
    const { completions, prompt, margin } = row;
    const all = rankedPairs(row);
    if (completions.length < 2) continue;
    const empty = completions.findIndex(({ text }) => text.trim() === '');
    if (empty >= 0)
      throw new IngotError(
        'bad-input',
        `The stage '${stage}' learns a reward from pairs, and the answer ${empty} of row ${at} is empty. Leave such rows out: they teach the reward of silence.`,
      );
    // All of one text, however they are ranked.
    if (completions.every(({ text }) => text === completions[0]!.text)) identical++;
    const useful = all.filter(({ winner, loser }) => completions[winner]!.text !== completions[loser]!.text);
    if (useful.length === 0) continue;
    pairsSeen += useful.length;
    const score = (i: number): number => completions[i]?.score ?? Number.NaN;
    contradicted += useful.filter(({ winner, loser }) => score(winner) < score(loser)).length;
    const answers = completions.map(({ text }) => encodeCompletion(encoder, prompt, text, { maxTokens }).ids);
    (isHeldOut(prompt, how.heldOut) ? heldOut : train).push({ answers, pairs: useful, margin });
  }
  if (identical > 0 && pairsSeen === 0)
    throw new IngotError(
      'bad-input',
      `The stage '${stage}' learns a reward from pairs, and ${identical} of ${at + 1} rows have the same text on both sides: there is none left. Give answers that differ.`,
    );
  if (contradicted > pairsSeen / 2)
    throw new IngotError(
      'bad-input',
      `The stage '${stage}' learns a reward from pairs, and in ${contradicted} of ${pairsSeen} the better answer has the lower score. Are the columns swapped? Exchange chosen and rejected, or leave the scores out.`,
    );
  if (train.length === 0)
    throw new IngotError(
      'bad-wiring',
      `The stage '${stage}' has nothing that scores answers, and its feedback no pairs to learn it from. Give rewards: [{ use: … }], wire a reward model to the port 'reward', or give ranked answers.`,
    );
  return { train, heldOut };
}
