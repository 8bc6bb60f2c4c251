// What is said of a trained reward model: its accuracy beside baselines, its reliability, and how much of it is length.
import { table, text, type StageEvent } from '@ingot/core';
import { bagOfWords, shareInterval, type TextPair } from './baselines.js';
import { lengthBias, lengthSentence } from './length-bias.js';
import { accuracyOf, calibration, measurePairs, type ScoredPair } from './measures.js';
import type { Ranking } from './read-rankings.js';

/** Pairs of texts of rankings, in their order. */
export const textPairs = (rankings: readonly Ranking[]): TextPair[] =>
  rankings.flatMap(({ texts, pairs }) =>
    pairs.map(({ winner, loser }) => ({ winner: texts[winner]!, loser: texts[loser]! })),
  );

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** What is reported on. */
export interface RewardReport {
  /** The pairs as the model scored them. */
  readonly scored: readonly ScoredPair[];
  /** The same pairs as texts. */
  readonly texts: readonly TextPair[];
  /** What the bag of words learns from. */
  readonly trained: readonly TextPair[];
  /** Names the pairs: 'held-out'. */
  readonly which: string;
}

/** Accuracy with a 95% interval beside two baselines (the longer answer; a bag of words), the model's numbers, its calibration, and a sentence. */
export function rewardReport({ scored, texts, trained, which }: RewardReport): StageEvent[] {
  const { bins, error } = calibration(scored.map(({ winner, loser }) => winner - loser));
  const { accuracy = 0, validationLoss = 0, ...rest } = measurePairs(scored);
  const bias = lengthBias(scored);
  const words = bagOfWords(trained);
  const row = (name: string, share: number) => {
    const [low, high] = shareInterval(share, scored.length);
    return { name, pairs: scored.length, accuracy: share, low, high };
  };
  const wordAccuracy = accuracyOf(texts.map(({ winner, loser }) => words(winner) - words(loser)));
  const [low, high] = shareInterval(accuracy, scored.length);
  return [
    table(`Accuracy on ${which} pairs, with 95% intervals`, [
      row('reward model', accuracy),
      row('reward model beside length', bias.controlledAccuracy),
      row('the longer answer', bias.longerAccuracy),
      row('a bag of words', wordAccuracy),
    ]),
    table('Reward model', [{ loss: validationLoss, ...rest, calibrationError: error, lengthShare: bias.share }]),
    table(
      'Calibration',
      bins.map((bin) => ({ ...bin })),
    ),
    text(
      `On ${scored.length} ${which} pairs the reward model agrees with ${percent(accuracy)} of the choices (95% interval ${percent(low)} to ${percent(high)}), a bag of words with ${percent(wordAccuracy)}; its confidence is off by ${(100 * error).toFixed(1)} points on average (expected calibration error). ${lengthSentence(bias)}`,
    ),
  ];
}
