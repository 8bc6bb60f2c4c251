// The win rate of one model over another: wins and half of the ties, over all; its interval is Wilson's, its test the sign test without ties.
import { mcnemar } from './mcnemar.js';
import { type Interval, refuse } from './refuse.js';
import { wilsonInterval } from './wilson.js';

export interface WinRate {
  readonly rate: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** A score of ½ varies less than a coin, so with ties the interval is on the wide side. */
  readonly interval: Interval;
  /** Two-sided and exact: are wins and losses equally likely? */
  readonly p: number;
}

/** Of probabilities that the first model's answer is better, 1, ½ or 0 and what lies between: above ½ is a win. Throws `bad-value` without any, or outside of [0, 1]. */
export function winRate(outcomes: readonly number[], confidence = 0.95): WinRate {
  const wrong = outcomes.find((one) => !(one >= 0 && one <= 1));
  if (wrong !== undefined || outcomes.length === 0)
    refuse('The win rate', 'probabilities from 0 to 1, one at least', wrong === undefined ? 'none' : String(wrong));
  const count = (keep: (one: number) => boolean): number => outcomes.filter(keep).length;
  const wins = count((one) => one > 0.5);
  const losses = count((one) => one < 0.5);
  const total = outcomes.reduce((sum, one) => sum + one, 0);
  return {
    rate: total / outcomes.length,
    wins,
    ties: outcomes.length - wins - losses,
    losses,
    interval: wilsonInterval(total, outcomes.length, confidence),
    p: mcnemar(wins, losses),
  };
}
