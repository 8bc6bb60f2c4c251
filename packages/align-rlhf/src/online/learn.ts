// One update on a round: the policy's loss, the critic's and the entropy's, in micro-batches exactly as over the whole.
import { IngotError } from '@ingot/core';
import type { LiveModel, LossParts } from '@ingot/contracts';
import { add, affine, backward, scope, sum, type Tensor } from '@ingot/tensor';
import { gatherRows, namedKey, padTokens, permutation, type Measured } from '@ingot/training';
import { answerSums } from '../estimators/sequences.js';
import { averages } from '../losses/averages.js';
import { pairLoss } from '../losses/pair-loss.js';
import { policyLoss } from '../losses/policy-loss.js';
import { valueLoss } from '../losses/value-loss.js';
import { mismatchOf, mismatchText } from '../rollouts.js';
import type { OnlineMethod } from './methods.js';
import type { Round } from './round.js';
import { likePieces } from './pieces.js';
import { scoreAnswers, type AnswerScores } from './score.js';

export interface LearnHow {
  readonly method: OnlineMethod;
  /** β of the KL in the loss; 0 where it stands in the reward. */
  readonly beta: number;
  readonly maxTokens: number;
  readonly entropyBonus: number;
  readonly miniBatches: number;
  /** Answers at once; as many as fit some 2,048 tokens unless said. */
  readonly microBatch: number | undefined;
  readonly seed: number;
  readonly stage: string;
}
/** Who learns. */
export interface Learners {
  readonly policy: LiveModel;
  /** A critic of its own; a shared one is the policy. */
  readonly critic?: LiveModel | undefined;
}

/** Answers of update number `update` on a round, in units of one answer, or of a pair. */
function answersOf(round: Round, update: number, { method, miniBatches, seed }: LearnHow): readonly number[] {
  const unit = method.pairs ? 2 : 1;
  const units = round.rollouts.length / unit;
  const [time, part] = [Math.floor(update / miniBatches), update % miniBatches];
  const size = Math.ceil(units / miniBatches);
  const order =
    miniBatches === 1
      ? Array.from({ length: units }, (_, i) => i)
      : Array.from(permutation(units, namedKey(seed, `round at ${round.step}/time ${time}`)));
  return order
    .slice(part * size, (part + 1) * size)
    .flatMap((at) => Array.from({ length: unit }, (_, i) => at * unit + i));
}

/** The flat numbers of some answers. */
const pickTokens = (tokens: ArrayLike<number>, starts: readonly number[], which: readonly number[]): Float64Array =>
  Float64Array.from(
    which.flatMap((answer) =>
      Array.from({ length: starts[answer + 1]! - starts[answer]! }, (_, t) => tokens[starts[answer]! + t]!),
    ),
  );

function pairParts(
  scores: AnswerScores,
  round: Round,
  which: readonly number[],
  lengths: readonly number[],
  starts: readonly number[],
  how: LearnHow,
): LossParts {
  const pairs = which.length / 2;
  const sums = sum(padTokens(scores.tokens!, lengths), 1).reshape([which.length, 1]);
  const side = (of: number): Tensor =>
    gatherRows(
      sums,
      Int32Array.from({ length: pairs }, (_, i) => 2 * i + of),
    ).reshape([pairs]);
  const reference = answerSums(pickTokens(round.reference!, starts, which), lengths);
  return pairLoss(
    {
      first: side(0),
      second: side(1),
      reference: { first: reference.filter((_, i) => i % 2 === 0), second: reference.filter((_, i) => i % 2 === 1) },
      better: Array.from({ length: pairs }, (_, i) => round.better![which[2 * i]! / 2]!),
    },
    how.method.pairs!,
    how.beta,
  );
}

/**
 * Adds the gradient of update number `update` on the round. At the first one the trainer's log-probabilities are compared with the rollout's.
 * @throws IngotError `bad-numbers` where they differ on a device that claims row invariance.
 */
export function learnFrom({ policy, critic }: Learners, round: Round, update: number, how: LearnHow): Measured {
  const { method, maxTokens, entropyBonus } = how;
  const which = answersOf(round, update, how);
  const starts = [0];
  for (const { ids, from } of round.rollouts) starts.push(starts.at(-1)! + ids.length - from);
  const lengthOf = (answer: number): number => starts[answer + 1]! - starts[answer]!;
  const tokens = which.reduce((total, answer) => total + lengthOf(answer), 0);
  const average = averages[method.loss.average];
  const weightOf = (answers: readonly number[]): number =>
    answers.reduce((total, answer) => total + average.weight(lengthOf(answer), maxTokens), 0);
  const all = round.rollouts.map((_, answer) => answer);
  const divisor = method.pairs
    ? which.length / 2
    : method.loss.over === 'rollout'
      ? weightOf(all) / how.miniBatches
      : weightOf(which);
  const perAnswer = round.advantages.length === round.rollouts.length;
  const totals: Record<string, number> = {};
  const count = (name: string, value: number): void => void (totals[name] = (totals[name] ?? 0) + value);
  const fed = which.map((answer) => round.rollouts[answer]!.ids.length);
  for (const piece of likePieces(fed, { size: how.microBatch, unit: method.pairs ? 2 : 1 }))
    scope(() => {
      const some = piece.map((at) => which[at]!);
      const answers = some.map((answer) => round.rollouts[answer]!);
      const lengths = some.map(lengthOf);
      const wants = { entropy: entropyBonus > 0, values: method.critic?.valueHead === 'shared' };
      const scores = scoreAnswers(policy, answers, wants);
      if (update === 0) checkMismatch(answers, some, scores.tokens!, policy, how.stage, count);
      const parts = method.pairs
        ? pairParts(scores, round, some, lengths, starts, how)
        : policyLoss(
            {
              policy: scores.tokens!,
              lengths,
              old: pickTokens(round.old, starts, some),
              advantages: perAnswer
                ? some.map((answer) => round.advantages[answer]!)
                : pickTokens(round.advantages, starts, some),
              ...(round.reference && { reference: pickTokens(round.reference, starts, some) }),
            },
            method.loss,
            { ...method.lossOptions, beta: how.beta, maxTokens },
          );
      for (const [name, value] of Object.entries(parts.stats)) count(name, value);
      count('policy', parts.sum.item() / divisor);
      let loss = affine(parts.sum, 1 / divisor, 0);
      if (method.critic) {
        const { valueWeight, valueClip } = method.critic;
        const values = scores.values ?? scoreAnswers(critic!, answers, { tokens: false, values: true }).values!;
        const made = valueLoss(
          {
            values,
            old: pickTokens(round.values!, starts, some),
            returns: pickTokens(round.returns!, starts, some),
            lengths,
          },
          valueClip,
        );
        count('value', made.sum.item() / tokens);
        count('value/clipped', made.stats['clipped']! / tokens);
        loss = add(loss, affine(made.sum, valueWeight / tokens, 0));
      }
      if (scores.entropy) {
        const entropy = sum(scores.entropy);
        count('entropy', entropy.item() / tokens);
        loss = add(loss, affine(entropy, -entropyBonus / tokens, 0));
      }
      count('loss', loss.item());
      backward(loss);
    });
  return {
    loss: totals['loss']!,
    tokens: which.reduce((n, answer) => n + round.rollouts[answer]!.ids.length, 0),
    values: valuesOf(totals, update),
  };
}

function checkMismatch(
  answers: Round['rollouts'],
  numbers: readonly number[],
  tokens: Tensor,
  { device }: LiveModel,
  stage: string,
  count: (name: string, value: number) => void,
): void {
  const found = mismatchOf(answers, tokens.read());
  const mismatch = { ...found, answer: numbers[found.answer]! };
  count('mismatch', 0);
  if (mismatch.largest === 0) return;
  if (device.rowInvariant) throw new IngotError('bad-numbers', `The stage '${stage}': ${mismatchText(mismatch)}`);
  count('mismatch', mismatch.largest);
}

/** What is told of a step. */
function valuesOf(totals: Readonly<Record<string, number>>, update: number): Record<string, number> {
  const { ratios = 0, tokens = 0, pairs = 0 } = totals;
  const share = (name: string, of: number): Record<string, number> =>
    totals[name] === undefined || of === 0 ? {} : { [`policy/${name}`]: totals[name] / of };
  return {
    'loss/policy': totals['policy']!,
    ...(totals['value'] === undefined
      ? {}
      : { 'loss/value': totals['value'], 'value/clipped': totals['value/clipped']! }),
    ...share('clip/low', ratios),
    ...share('clip/high', ratios),
    ...share('approximateKl', tokens),
    ...share('kl', tokens),
    ...share('accuracy', pairs),
    ...share('margin', pairs),
    ...(totals['entropy'] === undefined ? {} : { 'policy/entropy': totals['entropy'] }),
    ...(update === 0 && totals['mismatch'] !== undefined ? { mismatch: totals['mismatch'] } : {}),
  };
}
