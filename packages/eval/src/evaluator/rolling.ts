// Σ log p of whole texts, in overlapping windows where a text is longer than the context; many short texts share a call.
import type { LiveModel, RollingLikelihood } from '@ingot/contracts';
import { readerOf, scoreTexts } from '@ingot/decoding';
import { calls, ROWS_OF_ONE_CALL } from './calls.js';
import type { Encoder } from './encode-pair.js';
import type { ScoringOptions } from './log-likelihood.js';

/** Bytes of a block of a rolling likelihood. */
export const BLOCK = 1024;

export interface RollingOptions extends ScoringOptions {
  /** How far windows are apart; half of the context unless said, so that every prediction past the first window sees at least half of it. */
  readonly stride?: number;
}

interface Prepared {
  /** With the end-of-text token before them, where there is one. */
  readonly ids: Int32Array;
  readonly encoded: Int32Array;
}

/** Sums of log-probabilities by the block in which a token begins; `scored` holds those of ids 1, 2, …. */
function inBlocks(
  { ids, encoded }: Prepared,
  scored: Float64Array,
  tokenizer: Encoder,
  bytes: number,
): NonNullable<RollingLikelihood['blocks']> {
  const blocks = Array.from({ length: Math.ceil(bytes / BLOCK) }, (_, block) => ({
    logProbability: 0,
    bytes: Math.min(BLOCK, bytes - block * BLOCK),
  }));
  const first = ids.length - encoded.length; // 1 behind an end-of-text token: then the first token is scored too
  let at = 0;
  for (const [token, id] of encoded.entries()) {
    const block = blocks[Math.min(blocks.length - 1, Math.floor(at / BLOCK))];
    if (block && token + first > 0) block.logProbability += scored[token + first - 1] ?? 0;
    at += tokenizer.bytes(id).length;
  }
  return blocks;
}

/**
 * Rolling likelihoods in the order of the texts, each token once: the first follows the end-of-text token as in training (without one it is
 * unscored and `start` says what a uniform draw costs), later windows begin `stride` tokens after the one before.
 * Sums are taken in double precision in the order of tokens, so that they do not depend on the batch.
 */
export async function rollingLogLikelihood(
  model: LiveModel,
  tokenizer: Encoder,
  texts: readonly string[],
  { rows = ROWS_OF_ONE_CALL, stride, breathe }: RollingOptions = {},
): Promise<RollingLikelihood[]> {
  const { context } = model.design;
  const start = tokenizer.endOfText;
  const prepared = texts.map((text): Prepared => {
    const encoded = tokenizer.encode(text);
    return { encoded, ids: start === undefined || encoded.length === 0 ? encoded : Int32Array.of(start, ...encoded) };
  });
  const scores = prepared.map(({ ids }) => new Float64Array(Math.max(0, ids.length - 1)));
  const rowsOf = prepared.map(({ ids }) => Math.min(ids.length, context));
  for (const call of calls(rowsOf, rows)) {
    const group = call.flatMap((index) => prepared[index] ?? []);
    const longest = Math.max(1, rowsOf[call[0] ?? 0] ?? 1);
    const pieces = scoreTexts(
      model,
      group.map(({ ids }) => readerOf(ids)),
      { stride: stride ?? Math.max(1, Math.floor(context / 2)), batch: Math.max(1, Math.floor(rows / longest)) },
    );
    for (const { text, start: from, logProbabilities } of pieces) {
      scores[call[text] ?? 0]?.set(logProbabilities, from - 1);
      await breathe?.();
    }
  }
  return prepared.map((one, index) => {
    const scored = scores[index] ?? new Float64Array();
    const bytes = Buffer.byteLength(texts[index] ?? '', 'utf8');
    return {
      logProbability: scored.reduce((sum, value) => sum + value, 0),
      tokens: scored.length,
      bytes,
      start: start === undefined && one.encoded.length > 0 ? Math.log(tokenizer.vocabSize) : 0,
      blocks: inBlocks(one, scored, tokenizer, bytes),
    };
  });
}
