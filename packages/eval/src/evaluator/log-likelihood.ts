// log p(continuation | context), as lm-evaluation-harness: the sequence without its last token goes in, the continuation's rows are scored.
import type { Likelihood, LikelihoodRequest, LiveModel } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { embedding, noGrad, scope, slice, type Tensor, tensor } from '@ingot/tensor';
import { calls } from './calls.js';
import { type EncodedPair, encodePair, type Encoder } from './encode-pair.js';

/** Numbers of logits that are read at once when greedy tokens are looked for. */
const LOGITS_AT_ONCE = 2 ** 22;

export interface ScoringOptions {
  /** Rows of one call. */
  readonly rows?: number;
  /** Called between calls of the model; may throw to stop. */
  readonly breathe?: () => Promise<void>;
}

/** One row of the model's input, and the requests that it answers: choices of one token share their context's row. */
interface Sequence {
  readonly input: Int32Array;
  readonly requests: { readonly index: number; readonly targets: Int32Array }[];
}

/** The last `context + 1` ids, cut from the left as the harness does, without the last as input; targets are the continuation. */
function sequences(pairs: readonly EncodedPair[], context: number): Sequence[] {
  const byInput = new Map<string, Sequence>();
  for (const [index, pair] of pairs.entries()) {
    if (pair.continuation.length > context)
      throw new IngotError(
        'bad-input',
        `Log-likelihood, request ${index}: wanted a continuation of at most ${context} tokens, the model's context, got ${pair.continuation.length}. Score such a text with rollingLogLikelihood.`,
      );
    const whole = Int32Array.of(...pair.context, ...pair.continuation).slice(-(context + 1));
    const input = whole.subarray(0, -1);
    const targets = whole.subarray(Math.max(1, whole.length - pair.continuation.length));
    const key = input.join();
    const known = byInput.get(key);
    if (known) known.requests.push({ index, targets });
    else byInput.set(key, { input, requests: [{ index, targets }] });
  }
  return [...byInput.values()];
}

/** The largest of the first `width` numbers of each row of (N, V); the first wins a tie. */
function largest(logits: ArrayLike<number>, rows: number, width: number): number[] {
  const stride = logits.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let id = 1; id < width; id++)
      if ((logits[row * stride + id] ?? 0) > (logits[row * stride + best] ?? 0)) best = id;
    return best;
  });
}

/** Log-probabilities (of the training loss's op) and greedy ids of rows and targets, for one call. */
function score(model: LiveModel, call: readonly Sequence[]): Map<number, Omit<Likelihood, 'tokens'>> {
  const { device, family, design, weights } = model;
  const length = call.reduce((most, { input }) => Math.max(most, input.length), 0);
  const inputs = new Int32Array(call.length * length); // (B, T); rows beyond a sequence are seen by no causal row before them
  const rows: number[] = [];
  const targets: number[] = [];
  const owners: number[] = [];
  for (const [row, { input, requests }] of call.entries()) {
    inputs.set(input, row * length);
    for (const { index, targets: own } of requests)
      for (const [place, target] of own.entries()) {
        rows.push(row * length + input.length - own.length + place);
        targets.push(target);
        owners.push(index);
      }
  }
  const head = family.head(design);
  const { losses, greedy } = noGrad(() =>
    scope(() => {
      const hidden = family.forward(design, weights, tensor(device, inputs, [call.length, length], 'i32')); // (B, T, C)
      const width = hidden.shape[2] ?? 0;
      const table = hidden.reshape([call.length * length, width]);
      const scored = embedding(table, tensor(device, Int32Array.from(rows), [rows.length], 'i32')); // (N, C)
      const loss = weights.crossEntropy(
        head,
        scored,
        tensor(device, Int32Array.from(targets), [targets.length], 'i32'),
      );
      return { losses: Float32Array.from(loss.read()), greedy: greedyIds(model, scored) };
    }),
  );
  const answers = new Map<number, { logProbability: number; greedy: boolean }>();
  for (const [place, index] of owners.entries()) {
    const answer = answers.get(index) ?? { logProbability: 0, greedy: true };
    answer.logProbability -= losses[place] ?? 0;
    answer.greedy &&= greedy[place] === targets[place];
    answers.set(index, answer);
  }
  return answers;
}

/** The most likely id of each row of hidden states (N, C), few at a time, because logits are wide. */
function greedyIds({ family, design, weights }: LiveModel, hidden: Tensor): number[] {
  const [rows = 0, width = 0] = hidden.shape;
  const few = Math.max(1, Math.floor(LOGITS_AT_ONCE / design.vocabSize));
  return Array.from({ length: Math.ceil(rows / few) }, (_, part) => {
    const count = Math.min(few, rows - part * few);
    return scope(() => {
      const logits = weights.logits(family.head(design), slice(hidden, [part * few, 0], [count, width])); // (n, V)
      return largest(logits.read(), count, design.tokenizer.vocabSize); // the table may have more rows than there are tokens
    });
  }).flat();
}

/**
 * Likelihoods in the order of the requests. Requests of similar length share a call, those with one input share a row. A sequence
 * longer than the context loses its beginning. Without an end-of-text token an empty context charges the first token as a uniform draw.
 * Throws `bad-input` for an empty continuation, or one longer than the context.
 */
export async function logLikelihood(
  model: LiveModel,
  tokenizer: Encoder,
  requests: readonly LikelihoodRequest[],
  { rows, breathe }: ScoringOptions = {},
): Promise<Likelihood[]> {
  const pairs = requests.map(({ context, continuation }) => encodePair(tokenizer, context, continuation));
  const answers: Likelihood[] = pairs.map(({ context, continuation }) => ({
    logProbability: context.length === 0 ? -Math.log(tokenizer.vocabSize) : 0,
    tokens: continuation.length,
    greedy: context.length > 0,
  }));
  const all = sequences(pairs, model.design.context).filter(({ input }) => input.length > 0);
  const lengths = all.map(({ input }) => input.length);
  for (const call of calls(lengths, rows)) {
    const found = score(
      model,
      call.flatMap((index) => all[index] ?? []),
    );
    for (const [index, { logProbability, greedy }] of found) {
      const answer = answers[index];
      if (!answer) continue;
      answers[index] = {
        logProbability: answer.logProbability + logProbability,
        tokens: answer.tokens,
        greedy: answer.greedy && greedy,
      };
    }
    await breathe?.();
  }
  return answers;
}
