// What is said of a trained reward model: its numbers on held-out pairs, its reliability, and how much of it is length.
import { table, text, type StageEvent } from '@ingot/core';
import { lengthBias, lengthSentence } from './length-bias.js';
import { calibration, measurePairs, type ScoredPair } from './measures.js';

/** Tables and sentences over scored pairs; `which` names them ('held-out'). */
export function rewardReport(pairs: readonly ScoredPair[], which: string): StageEvent[] {
  const { bins, error } = calibration(pairs.map(({ winner, loser }) => winner - loser));
  const { accuracy, validationLoss, ...rest } = measurePairs(pairs);
  const bias = lengthBias(pairs);
  return [
    table(`Reward model on ${which} pairs`, [
      {
        pairs: pairs.length,
        accuracy: accuracy!,
        loss: validationLoss!,
        ...rest,
        calibrationError: error,
        lengthShare: bias.share,
        lengthControlledAccuracy: bias.controlledAccuracy,
        longerAccuracy: bias.longerAccuracy,
      },
    ]),
    table(
      'Calibration',
      bins.map((bin) => ({ ...bin })),
    ),
    text(
      `On ${pairs.length} ${which} pairs the reward model agrees with ${(100 * accuracy!).toFixed(1)}% of the choices; its confidence is off by ${(100 * error).toFixed(1)} points on average (expected calibration error). ${lengthSentence(bias)}`,
    ),
  ];
}
