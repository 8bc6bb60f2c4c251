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

/** Log-probabilities of the ids at `start`, `start + 1`, … of one text. */
export interface ScoredPiece {
  /** Index of the text. */
  readonly text: number;
  readonly start: number;
  readonly logProbabilities: Float32Array;
}

interface Window {
  readonly text: number;
  /** The first input id. */
  readonly begin: number;
  readonly length: number;
  /** Inputs at the beginning whose predictions an earlier window scored. */
  readonly skip: number;
}

/** Windows of one text that score each of ids 1 … tokens − 1 once. */
export function windows(tokens: number, window: number, stride: number, text = 0): Window[] {
  const cut: Window[] = [];
  for (let scored = 0, begin = 0; scored < tokens - 1; begin += stride) {
    const length = Math.min(window, tokens - 1 - begin);
    cut.push({ text, begin, length, skip: scored - begin });
    scored = begin + length;
  }
  return cut;
}

/** Inputs and targets of one call, (B, T): shorter windows end in unscored rows, which no causal row before them sees. */
function fill(
  call: readonly Window[],
  texts: readonly TokenReader[],
  vocabSize: number,
): { readonly length: number; readonly inputs: Int32Array; readonly targets: Int32Array } {
  const length = call.reduce((most, window) => Math.max(most, window.length), 0);
  const inputs = new Int32Array(call.length * length);
  const targets = new Int32Array(call.length * length).fill(-1);
  for (const [row, { text, begin, length: own, skip }] of call.entries()) {
    const ids = texts[text]?.read(begin, own + 1) ?? new Int32Array();
    checkIds(`scored text ${text} from token ${begin}`, ids, vocabSize);
    inputs.set(ids.subarray(0, own), row * length);
    targets.set(ids.subarray(1 + skip), row * length + skip);
  }
  return { length, inputs, targets };
}

/**
 * Scores texts by pieces: log p(ids[i] | the ids before it inside its window) for i = 1 … tokens − 1, natural logarithm, by the op of
 * the training loss. Each `next` makes at most one call of the model. Throws `bad-options` for a window or stride that cannot be.
 */
export function* scoreTexts(
  { device, family, design, weights }: OpenModel,
  texts: readonly TokenReader[],
  options: WindowOptions = {},
): Generator<ScoredPiece, void, void> {
  const { window = design.context, stride = window } = options;
  const whole = (what: string, value: number, high: number): void => {
    if (!Number.isInteger(value) || value < 1 || value > high)
      throw new IngotError('bad-options', `Scoring, ${what}: wanted a whole number from 1 to ${high}, got ${value}.`);
  };
  whole('window', window, design.context);
  whole('stride', stride, window);
  const batch = options.batch ?? Math.max(1, Math.floor(2048 / window));
  whole('batch', batch, Number.MAX_SAFE_INTEGER);
  const head = family.head(design);
  const cut = texts.flatMap(({ tokens }, text) => windows(tokens, window, stride, text));
  for (let first = 0; first < cut.length; first += batch) {
    const call = cut.slice(first, first + batch);
    const { length, inputs, targets } = fill(call, texts, design.vocabSize);
    const losses = noGrad(() =>
      scope(() => {
        const hidden = family.forward(design, weights, tensor(device, inputs, [call.length, length], 'i32')); // (B, T, C)
        const rows = hidden.reshape([call.length * length, hidden.shape[2] ?? 0]);
        return weights.crossEntropy(head, rows, tensor(device, targets, [call.length * length], 'i32')).read(); // (B·T)
      }),
    );
    for (const [row, { text, begin, length: own, skip }] of call.entries()) {
      yield {
        text,
        start: begin + skip + 1,
        logProbabilities: Float32Array.from(losses.subarray(row * length + skip, row * length + own), (loss) => -loss),
      };
    }
  }
}

/** Ids in memory as a reader. */
export function readerOf(ids: ArrayLike<number>): TokenReader {
  const all = Int32Array.from(ids);
  return { tokens: all.length, read: (start, count) => all.subarray(start, start + count) };
}

/**
 * Log-probabilities of ids 1 … n − 1 given those before them: entry i is log p(ids[i + 1] | …), natural logarithm; n − 1 entries.
 * Throws `bad-options` for ids outside of the vocabulary.
 */
export function logProbabilities(
  model: OpenModel,
  ids: readonly number[] | Int32Array,
  options: WindowOptions = {},
): Float32Array {
  const result = new Float32Array(Math.max(0, ids.length - 1));
  for (const { start, logProbabilities: piece } of scoreTexts(model, [readerOf(ids)], options))
    result.set(piece, start - 1);
  return result;
}
