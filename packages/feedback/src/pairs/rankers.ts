// What gives each sample of a prompt its score: a reward, or a judge over every pair of them.
import type { JudgeAtWork, PromptValue, RewardAtWork } from '@ingot/contracts';
import type { AskOptions } from '../judges/ask.js';
import { count, type JudgeCounts } from '../judges/missing.js';
import { judgeSwapped } from '../judges/swapped.js';

/** The different samples of one prompt. */
export interface Group {
  readonly prompt: PromptValue;
  readonly texts: readonly string[];
  readonly references?: readonly string[];
}
/** One number a text, undefined where there is no verdict about it. */
export type Scores = readonly (number | undefined)[];
export interface Ranker {
  score(groups: readonly Group[]): Promise<readonly Scores[]>;
  dispose(): void;
}

/** Scores by a reward, all groups in one call. */
export const rankByReward = (reward: RewardAtWork): Ranker => ({
  async score(groups) {
    const scores = await reward.score(
      groups.flatMap(({ texts, ...asked }) => texts.map((text) => ({ ...asked, text }))),
    );
    let start = 0;
    return groups.map(({ texts }) => scores.slice(start, (start += texts.length)));
  },
  dispose: () => reward.dispose(),
});

/** A text's score is the mean probability that it beats another of its prompt: every pair is asked about, in both orders. */
export const rankByJudge = (judge: JudgeAtWork, counts: JudgeCounts, how: AskOptions): Ranker => ({
  async score(groups) {
    const all: Scores[] = [];
    for (const { prompt, texts } of groups) {
      const won = texts.map(() => ({ sum: 0, of: 0 }));
      for (const [i, first] of texts.entries())
        for (const [j, second] of texts.entries()) {
          if (j <= i) continue;
          const verdict = await judgeSwapped(judge.ask, { prompt, first, second }, how);
          count(counts, verdict);
          if ('missing' in verdict) continue;
          for (const [at, p] of [
            [i, verdict.probability],
            [j, 1 - verdict.probability],
          ] as const) {
            const one = won[at];
            if (!one) continue;
            one.sum += p;
            one.of++;
          }
        }
      all.push(won.map(({ sum, of }) => (of === 0 ? undefined : sum / of)));
    }
    return all;
  },
  dispose: () => judge.dispose(),
});
