// Log-probabilities of given text under a model, in windows where the text is longer than the context.
import { noGrad, scope, tensor } from '@ingot/tensor';
import { IngotError } from '@ingot/core';
import type { OpenModel } from './open-model.js';
import { checkIds } from './options.js';

/** Ids read piece by piece; a TokenStream is one. */
export interface TokenReader {
  readonly tokens: number;
  /** ids[start … start + count) */
  read(start: number, count: number): Int32Array;
}

export interface WindowOptions {
  /** The most ids that a prediction sees; the model's context unless said. */
  readonly window?: number;
  /**
   * How far windows are apart; the window's length unless said: then windows do not overlap and the first prediction of each sees one id.
   * A smaller stride gives every prediction at least `window − stride + 1` ids of past, at the cost of window/stride times the work.
   */
  readonly stride?: number;
  /** Windows of one call; as many as give about 2,048 rows unless said. */
  readonly batch?: number;
}

/** Log-probabilities of the ids at `start`, `start + 1`, … */
export interface ScoredPiece {
  readonly start: number;
  readonly logProbabilities: Float32Array;
}

interface Window {
  /** The first input id. */
  readonly begin: number;
  readonly length: number;
  /** Inputs at the beginning whose predictions an earlier window scored. */
  readonly skip: number;
}

/** Windows that score each of ids 1 … tokens − 1 once. */
export function windows(tokens: number, window: number, stride: number): Window[] {
  const cut: Window[] = [];
  for (let scored = 0, begin = 0; scored < tokens - 1; begin += stride) {
    const length = Math.min(window, tokens - 1 - begin);
    cut.push({ begin, length, skip: scored - begin });
    scored = begin + length;
  }
  return cut;
}

/** Windows of equal length, neighbours together, at most `batch` in a call. */
function batches(cut: readonly Window[], batch: number): Window[][] {
  const calls: Window[][] = [];
  for (const window of cut) {
    const open = calls.at(-1);
    if (open && open.length < batch && open[0]?.length === window.length) open.push(window);
    else calls.push([window]);
  }
  return calls;
}

/**
 * Scores ids by pieces in order: log p(ids[i] | the ids before it inside its window) for i = 1 … tokens − 1, natural logarithm, by the
 * op of the training loss. Works through one call of the model for each `next`. Throws `bad-options` for a window or stride that cannot be.
 */
export function* scorePieces({ device, family, design, weights }: OpenModel, source: TokenReader, options: WindowOptions = {}): Generator<ScoredPiece, void, void> {
  const window = options.window ?? design.context;
  const stride = options.stride ?? window;
  const batch = options.batch ?? Math.max(1, Math.floor(2048 / window));
  const whole = (what: string, value: number, high: number): void => {
    if (!Number.isInteger(value) || value < 1 || value > high) throw new IngotError('bad-options', `Scoring, ${what}: wanted a whole number from 1 to ${high}, got ${value}.`);
  };
  whole('window', window, design.context);
  whole('stride', stride, window);
  whole('batch', batch, Number.MAX_SAFE_INTEGER);
  const head = family.head(design);
  for (const call of batches(windows(source.tokens, window, stride), batch)) {
    const length = call[0]?.length ?? 0;
    const inputs = new Int32Array(call.length * length);
    const targets = new Int32Array(call.length * length);
    for (const [row, { begin, skip }] of call.entries()) {
      const ids = source.read(begin, length + 1);
      checkIds(`scored text from token ${begin}`, ids, design.vocabSize);
      inputs.set(ids.subarray(0, length), row * length);
      targets.set(ids.subarray(1), row * length);
      targets.fill(-1, row * length, row * length + skip);
    }
    const losses = noGrad(() => scope(() => {
      const hidden = family.forward(design, weights, tensor(device, inputs, [call.length, length], 'i32')); // (B, T, C)
      const rows = hidden.reshape([call.length * length, hidden.shape[2] ?? 0]);
      return weights.crossEntropy(head, rows, tensor(device, targets, [call.length * length], 'i32')).read(); // (B·T)
    }));
    for (const [row, { begin, skip }] of call.entries()) {
      yield { start: begin + skip + 1, logProbabilities: Float32Array.from(losses.subarray(row * length + skip, (row + 1) * length), (loss) => -loss) };
    }
  }
}

/**
 * Log-probabilities of ids 1 … n − 1 given those before them: entry i is log p(ids[i + 1] | …), natural logarithm; n − 1 entries.
 * Throws `bad-options` for ids outside of the vocabulary.
 */
export function logProbabilities(model: OpenModel, ids: readonly number[] | Int32Array, options: WindowOptions = {}): Float32Array {
  const all = Int32Array.from(ids);
  const result = new Float32Array(Math.max(0, all.length - 1));
  for (const { start, logProbabilities: piece } of scorePieces(model, { tokens: all.length, read: (at, count) => all.slice(at, at + count) }, options)) result.set(piece, start - 1);
  return result;
}
