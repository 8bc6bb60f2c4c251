// What the trainer says of answers: log-probabilities, and where they are asked for entropies and values, from one pass of the model.
import { IngotError } from '@ingot/core';
import type { LiveModel, ParameterSpec } from '@ingot/contracts';
import { neg, noGrad, scope, tensor, type Tensor } from '@ingot/tensor';
import { packedBatch, scoredHidden, type ScoredSequence } from '@ingot/training';
import { entropyOf } from '../losses/entropy.js';
import { likePieces } from './pieces.js';

/** The value head: V = w · hidden + b at the place before each token. Zeros at first, so that every value is 0. */
export const valueHead = (width: number): readonly ParameterSpec[] => [
  { name: 'value.weight', shape: [1, width], init: { kind: 'zeros' } },
  { name: 'value.bias', shape: [1], init: { kind: 'zeros' } },
];
/** Its names among a model's tensors. */
export const isValueHead = (name: string): boolean => name === 'value.weight' || name === 'value.bias';

export interface ScoreWants {
  /** log π: on unless said. */
  readonly tokens?: boolean;
  readonly entropy?: boolean;
  /** Of a model with a value head. */
  readonly values?: boolean;
}
/** Numbers of every token of the answers, (N) each, with gradient unless inside of `noGrad`. */
export interface AnswerScores {
  readonly tokens?: Tensor;
  readonly entropy?: Tensor;
  readonly values?: Tensor;
}

/** Scores answers, a row each and padded behind: the layout in which a rollout's log-probabilities are the trainer's, bit for bit. Throws as `packedBatch`. */
export function scoreAnswers(
  live: LiveModel,
  answers: readonly ScoredSequence[],
  wants: ScoreWants = {},
): AnswerScores {
  const { device, family, design, weights } = live;
  const batch = packedBatch(
    answers.map(({ ids, from }) => ({ ids, weights: Float32Array.from(ids, (_, i) => (i >= from ? 1 : 0)) })),
    { packing: 'none' },
  );
  return scope(() => {
    const hidden = scoredHidden(live, batch); // (N, C)
    const head = family.head(design);
    const targets = tensor(device, batch.targets, [batch.targets.length], 'i32');
    return {
      ...(wants.tokens !== false && { tokens: neg(weights.crossEntropy(head, hidden, targets)) }),
      ...(wants.entropy && { entropy: entropyOf(weights.logits(head, hidden)) }),
      ...(wants.values && { values: weights.linear('value', hidden).reshape([batch.targets.length]) }),
    };
  });
}

/** Pieces of a list. */
export const chunks = <Item>(items: readonly Item[], size: number): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** One of the numbers on the host, without gradient, in pieces of at most `size` answers; `breathe` is called in between. */
export async function hostScores(
  live: LiveModel,
  answers: readonly ScoredSequence[],
  what: 'tokens' | 'values',
  { size, breathe }: { readonly size: number | undefined; breathe(): Promise<void> },
): Promise<Float32Array> {
  const starts = [0];
  for (const { ids, from } of answers) starts.push(starts.at(-1)! + ids.length - from);
  const all = new Float32Array(starts.at(-1)!);
  if (all.length === 0) throw new IngotError('bad-input', `There is no answer whose ${what} could be read.`);
  const wants = { tokens: what === 'tokens', values: what === 'values' };
  for (const piece of likePieces(
    answers.map(({ ids }) => ids.length),
    { size },
  )) {
    const some = piece.map((answer) => answers[answer]!);
    const read = noGrad(() => scope(() => scoreAnswers(live, some, wants)[what]!.read()));
    let at = 0;
    for (const answer of piece) {
      const next = at + starts[answer + 1]! - starts[answer]!;
      all.set(read.subarray(at, next), starts[answer]);
      at = next;
    }
    await breathe();
  }
  return all;
}
