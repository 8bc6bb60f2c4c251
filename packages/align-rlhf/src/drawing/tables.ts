// What a set of rollouts is like, as tables: rewards, best of k, KL, length, ends, variety.
import { degeneration } from '@ingot/decoding';
import { bestOf } from '../estimators/best-of.js';
import { bestOfKl, correlate } from '../estimators/diagnostics.js';
import type { DrawnAnswer } from './answer-log.js';

type Row = Readonly<Record<string, string | number>>;
const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / Math.max(1, x.length);
const share = (answers: readonly DrawnAnswer[], is: (one: DrawnAnswer) => boolean): number =>
  answers.filter(is).length / Math.max(1, answers.length);

/** mean, deviation, least, largest. */
const spread = (measure: string, x: readonly number[]): Row => {
  const middle = mean(x);
  return {
    measure,
    mean: middle,
    deviation: Math.sqrt(mean(x.map((one) => (one - middle) ** 2))),
    least: x.reduce((a, b) => Math.min(a, b), Infinity),
    largest: x.reduce((a, b) => Math.max(a, b), -Infinity),
  };
};

/** Numbers of answers: rewards, one by one where there are several, then length, −log π and KL. */
export function spreadRows(answers: readonly DrawnAnswer[]): Row[] {
  const rewards = answers[0]?.scores.length ?? 0;
  const kl = answers.flatMap((one) => one.kl ?? []);
  return [
    spread(
      'reward',
      answers.map(({ score }) => score),
    ),
    ...(rewards > 1
      ? Array.from({ length: rewards }, (_, i) =>
          spread(
            `reward ${i + 1}`,
            answers.map(({ scores }) => scores[i]!),
          ),
        )
      : []),
    spread(
      'tokens',
      answers.map(({ tokens }) => tokens),
    ),
    spread(
      'entropy, nats a token',
      answers.map(({ logProbability, tokens }) => -logProbability / tokens),
    ),
    ...(kl.length > 0
      ? [
          spread('KL to the reference, nats an answer', kl),
          spread(
            'KL to the reference, nats a token',
            answers.map((one) => (one.kl ?? 0) / one.tokens),
          ),
        ]
      : []),
  ];
}

/** Answers to one prompt beside each other, in the order of prompts. */
export const groupsOf = (answers: readonly DrawnAnswer[], generations: number): (readonly DrawnAnswer[])[] =>
  Array.from({ length: answers.length / generations }, (_, i) => answers.slice(i * generations, (i + 1) * generations));

/** Share of prompts whose answers all have one score. */
export const flatShare = (groups: readonly (readonly DrawnAnswer[])[]): number =>
  groups.filter((group) => group.every(({ score }) => score === group[0]!.score)).length / Math.max(1, groups.length);

/** How answers end, how they vary, and what could be learnt from them. */
export function shareRows(answers: readonly DrawnAnswer[], generations: number): Row[] {
  const { distinct1, distinct2, distinct3, repeated4, duplicates } = degeneration(answers.map(({ text }) => text));
  const groups = groupsOf(answers, generations);
  const rows = {
    'answers that ended by themselves': share(answers, ({ ended }) => ended),
    'empty answers': share(answers, ({ text }) => text.trim() === ''),
    'distinct-1': distinct1,
    'distinct-2': distinct2,
    'distinct-3': distinct3,
    'repeated-4': repeated4,
    'answers that another one repeats': duplicates,
    "correlation of reward and length (Pearson's r)": correlate(
      answers.map(({ score }) => score),
      answers.map(({ tokens }) => tokens),
    ),
    ...(generations > 1 && { 'prompts whose answers all have one reward': flatShare(groups) }),
  };
  return Object.entries(rows).map(([measure, value]) => ({ measure, value }));
}

/** 1, 2, 4, … and n. */
const sizes = (n: number): number[] => [
  ...Array.from({ length: Math.ceil(Math.log2(n)) }, (_, i) => 2 ** i).filter((k) => k < n),
  n,
];
/** Reward of the best of k answers, averaged over prompts, and how far from the model the choice leads: ln k − (k − 1) / k nats, an upper bound where answers tie. */
export const bestOfRows = (answers: readonly DrawnAnswer[], generations: number): Row[] => {
  const groups = groupsOf(answers, generations);
  return sizes(generations).map((k) => ({
    'best of': k,
    reward: mean(
      groups.map((group) =>
        bestOf(
          group.map(({ score }) => score),
          k,
        ),
      ),
    ),
    'KL of the choice, nats': bestOfKl(k),
  }));
};
