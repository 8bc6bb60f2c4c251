// The stage `label`: completions become liked or not by a reward and a threshold, for methods that learn from labels (KTO, BCO). Ethayarajh et al. 2024, section 4.
import { Labels, openReward, Prompts, Reward, RewardModel, type FeedbackRow } from '@ingot/contracts';
import { defineStage, IngotError, metric, one, optional, table, warning } from '@ingot/core';
import * as z from 'zod';
import { blocksOf, openRowLog } from '../pairs/row-log.js';

/** Plain JSON. */
interface LabelCounts {
  liked: number;
  disliked: number;
  between: number;
  likedScores: number;
  dislikedScores: number;
}

const rowFor = (
  { prompt }: FeedbackRow,
  text: string,
  score: number,
  { threshold, margin }: { readonly threshold: number; readonly margin: number },
  counts: LabelCounts,
): FeedbackRow | undefined => {
  const above = score - threshold;
  if (Math.abs(above) < margin) {
    counts.between++;
    return undefined;
  }
  const label = above >= 0;
  counts[label ? 'liked' : 'disliked']++;
  counts[label ? 'likedScores' : 'dislikedScores'] += score;
  return { prompt, completions: [{ text, label, score }] };
};

/** Each completion of feedback, such as of `pairs` with keep: 'all', becomes a row of its own: liked when its reward reaches the threshold. */
export const labelStage = defineStage({
  name: 'label',
  version: 1,
  inputs: { feedback: Prompts, reward: optional(RewardModel) },
  outputs: { feedback: Labels },
  computes: true,
  options: z.strictObject({
    reward: one(Reward).describe('What scores each completion.'),
    threshold: z.number().default(0).describe('Liked from here.'),
    margin: z.number().nonnegative().default(0).describe('Completions nearer to the threshold are left out.'),
  }),
  view: z.strictObject({
    saveEvery: z.int().positive().default(64).describe('Rows between two checkpoints, at least.'),
  }),
  async *run({ inputs, options, view, signal, checkpoint }) {
    const fresh: LabelCounts = { liked: 0, disliked: 0, between: 0, likedScores: 0, dislikedScores: 0 };
    const log = await openRowLog(checkpoint, fresh);
    const counts = log.state;
    const reward = await openReward(options.reward, { ...(inputs.reward ? { model: inputs.reward } : {}), signal });
    try {
      for await (const block of blocksOf(inputs.feedback, view.saveEvery, log.done)) {
        signal.throwIfAborted();
        const answers = block.flatMap(({ row }) =>
          row.completions.map(({ text }) => ({ row, text, prompt: row.prompt })),
        );
        const scores = await reward.score(answers.map(({ prompt, text }) => ({ prompt, text })));
        const rows = answers.flatMap(
          ({ row, text }, at) => rowFor(row, text, scores[at] ?? NaN, options, counts) ?? [],
        );
        log.add(rows, block.length);
        yield metric(log.done, { liked: counts.liked, disliked: counts.disliked }, inputs.feedback.rows);
        await log.saveWhenDue(view.saveEvery);
      }
    } finally {
      reward.dispose();
    }
    const { liked, disliked, between, likedScores, dislikedScores } = counts;
    if (log.rows === 0)
      throw new IngotError(
        'bad-input',
        `Stage 'label': no completion of ${inputs.feedback.rows} rows got a label (${between} lie within ${options.margin} of ${options.threshold}). Give feedback with completions, such as that of 'pairs' with keep: 'all', or move the threshold.`,
      );
    yield table('Labels', [
      { label: 'liked', completions: liked, reward: likedScores / Math.max(1, liked) },
      { label: 'disliked', completions: disliked, reward: dislikedScores / Math.max(1, disliked) },
    ]);
    if (liked === 0 || disliked === 0)
      yield warning(
        `All ${log.rows} completions are ${liked === 0 ? 'disliked' : 'liked'} at the threshold ${options.threshold}: nothing can be learnt from one side alone. Move the threshold.`,
      );
    return { feedback: log.value() };
  },
});
