// Measures of running text, as lm-evaluation-harness: bits per byte, and perplexity by bytes and by words.
//   bits per byte = −Σ log p / (bytes · ln 2),   perplexity = exp(−Σ log p / units)
import type { EvaluatedModel, Measure } from '@ingot/contracts';
import { IngotError } from '@ingot/core';

/** Words as the harness counts them: what stands between white space, the ends counted. */
export const wordCount = (text: string): number => text.split(/\s+/u).length;

interface Scored {
  readonly nats: number;
  readonly bytes: number;
}

/** Throws `bad-input` when the documents have no bytes. */
async function score(model: EvaluatedModel, documents: readonly string[], signal: AbortSignal | undefined) {
  const kept = documents.filter((document) => document !== '');
  if (kept.length === 0)
    throw new IngotError(
      'bad-input',
      `A task on text: wanted documents with text, got ${documents.length} without. Give a file with text, or wire the stage's input 'text'.`,
    );
  const scored = await model.rollingLogLikelihood(kept, signal);
  const whole = scored.map(({ logProbability, bytes, start = 0 }): Scored => ({ nats: start - logProbability, bytes }));
  const pieces = scored.flatMap(({ blocks, logProbability, bytes, start = 0 }): Scored[] =>
    (blocks ?? [{ logProbability, bytes }]).map((block, i) => ({
      nats: (i === 0 ? start : 0) - block.logProbability,
      bytes: block.bytes,
    })),
  );
  return { documents: kept, whole, pieces };
}

const perByte = (pieces: readonly Scored[], unit: number): Measure['items'] =>
  pieces.map(({ nats, bytes }) => ({ value: nats / (bytes * unit), weight: bytes }));

/** `bits_per_byte` of documents, in items of 1,024 bytes: they do not depend on the tokenizer, so any two models can be paired. */
export async function bitsPerByteMeasures(
  model: EvaluatedModel,
  documents: readonly string[],
  signal?: AbortSignal,
): Promise<Measure[]> {
  const { pieces } = await score(model, documents, signal);
  return [{ name: 'bits_per_byte', better: 'lower', items: perByte(pieces, Math.LN2) }];
}

/** `byte_perplexity` in items of 1,024 bytes, `word_perplexity` in items of one document. */
export async function perplexityMeasures(
  model: EvaluatedModel,
  documents: readonly string[],
  signal?: AbortSignal,
): Promise<Measure[]> {
  const { documents: kept, whole, pieces } = await score(model, documents, signal);
  const words = whole.map(({ nats }, i) => {
    const count = wordCount(kept[i] ?? '');
    return { value: nats / count, weight: count };
  });
  return [
    { name: 'byte_perplexity', better: 'lower', shown: 'exp', items: perByte(pieces, 1) },
    { name: 'word_perplexity', better: 'lower', shown: 'exp', items: words },
  ];
}
