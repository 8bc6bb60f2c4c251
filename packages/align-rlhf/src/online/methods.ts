// What tells one online method from another: its loss, and how answers' rewards become what the loss learns from.
import type { PairForm } from '../losses/pair-loss.js';
import type { PolicyLossForm, PolicyLossOptions } from '../losses/policy-loss.js';

/** The answers of a round as their rewards are known. */
export interface ScoredRound {
  /** After the missing-end penalty, (S). */
  readonly scores: Float64Array;
  /** KL estimates of tokens, (N); zeros where no reference is held. */
  readonly kl: Float64Array;
  readonly lengths: readonly number[];
  readonly generations: number;
  /** Of the KL in the reward; 0 where it stands in the loss. */
  readonly beta: number;
  /** The critic's, (N). */
  readonly values?: Float32Array;
  /** A running mean of rewards before this round. */
  readonly baseline?: number;
  /** A number in [0, 1) of each answer, for what is drawn. */
  readonly draws: Float64Array;
}
/** What the loss learns from. */
export interface Judged {
  /** One an answer or one a token. */
  readonly advantages: Float64Array;
  /** What the critic is fitted to, (N). */
  readonly returns?: Float64Array;
  /** For pairs: the probability that the first is better. */
  readonly better?: Float64Array;
  /** Answers that are learnt from; all unless said. */
  readonly keep?: readonly number[];
  readonly baseline?: number;
  readonly numbers?: Readonly<Record<string, number>>;
}
/** The critic of a method that has one. */
export interface CriticOptions {
  readonly valueHead: 'shared' | 'separate';
  readonly valueWeight: number;
  readonly valueClip: number | undefined;
}
/** A method at work, its options chosen. */
export interface OnlineMethod {
  readonly loss: PolicyLossForm;
  readonly lossOptions: PolicyLossOptions;
  /** Learns from pairs of answers by this loss in place of `loss`. */
  readonly pairs?: PairForm;
  readonly critic?: CriticOptions;
  judge(round: ScoredRound): Judged;
}
