// From a stage's inputs to what the loop works on: encoded feedback split by prompt, and the mix.
import { createHash } from 'node:crypto';
import { IngotError, table, warning, type StageEvent } from '@ingot/core';
import type { ExampleRow, FeedbackRow, PreferenceLossValue, PromptValue, RowsValue } from '@ingot/contracts';
import { encodeExample, type ChatEncoder } from '@ingot/text';
import type { WeightedSequence } from '@ingot/training';
import { encodeLabels, encodePairs, type EncodedCompletion, type FeedbackNotes } from './encode.js';
import type { Mix, Rows } from './objective.js';
import type { AlignOptions } from './options.js';

/** Feedback ready to learn from. */
export interface Prepared {
  readonly completions: readonly EncodedCompletion[];
  readonly train: Rows;
  readonly heldOut: Rows;
  /** Prompts to answer while training, held-out ones first, each once. */
  readonly prompts: readonly PromptValue[];
  readonly notes: FeedbackNotes;
}

/** A number in [0, 1) of a prompt: the same prompt is never in both parts. */
const place = (prompt: PromptValue): number =>
  createHash('sha256').update(JSON.stringify(prompt)).digest().readUInt32BE(0) / 2 ** 32;

/** Reads and encodes feedback; labels where the loss learns from labels. Throws `bad-input` for what cannot be learnt from. */
export async function prepare(
  feedback: RowsValue<FeedbackRow>,
  loss: PreferenceLossValue,
  options: Pick<AlignOptions, 'pairs' | 'heldOut' | 'watch'>,
  how: { readonly encoder: ChatEncoder; readonly maxTokens: number; readonly stage: string },
): Promise<Prepared> {
  const prompts: PromptValue[] = [];
  const reading = async function* (): AsyncGenerator<FeedbackRow, void, void> {
    for await (const row of feedback.read()) {
      prompts.push(row.prompt);
      yield row;
    }
  };
  const labelled = loss.feedback === 'labels';
  const read = labelled
    ? await encodeLabels(reading(), { ...how, mismatched: loss.reference })
    : await encodePairs(reading(), { ...how, pairs: options.pairs });
  const { completions, notes } = read;
  const held = prompts.map((prompt) => place(prompt) < options.heldOut);
  const split = <T>(rows: readonly T[], rowOf: (row: T) => number, wanted: boolean): T[] =>
    rows.filter((row) => held[completions[rowOf(row)]!.row] === wanted);
  const rows = (wanted: boolean): Rows =>
    'pairs' in read
      ? { kind: 'pairs', pairs: split(read.pairs, ({ chosen }) => chosen, wanted) }
      : { kind: 'labels', labels: split(read.labels, ({ completion }) => completion, wanted) };
  const train = rows(false);
  if (countOf(train) === 0)
    throw new IngotError(
      'bad-input',
      `The stage '${how.stage}' has no rows left to learn from: all ${notes.rows} are held out. Give more feedback, or a smaller heldOut.`,
    );
  const asked = [true, false].flatMap((wanted) => prompts.filter((_, row) => held[row] === wanted));
  const different = [...new Map(asked.map((prompt) => [JSON.stringify(prompt), prompt])).values()];
  return { completions, train, heldOut: rows(true), prompts: different.slice(0, options.watch.samples), notes };
}

/** How many rows there are. */
export const countOf = (rows: Rows): number => (rows.kind === 'pairs' ? rows.pairs : rows.labels).length;

/** Some of the rows, by number. */
export const pickRows = (rows: Rows, which: readonly number[]): Rows =>
  rows.kind === 'pairs'
    ? { kind: 'pairs', pairs: which.map((row) => rows.pairs[row]!) }
    : { kind: 'labels', labels: which.map((row) => rows.labels[row]!) };

/** Places of the completions that were chosen or liked. */
export const likedOf = (rows: Rows): number[] =>
  rows.kind === 'pairs'
    ? rows.pairs.map(({ chosen }) => chosen)
    : rows.labels.flatMap(({ liked, completion }) => (liked ? [completion] : []));

/** The mix as tokens; undefined where the port is empty. Throws `bad-input` for rows that cannot be learnt. */
export async function prepareMix(
  examples: RowsValue<ExampleRow> | undefined,
  { batch, mixShare, mixWeight }: Pick<AlignOptions, 'batch' | 'mixShare' | 'mixWeight'>,
  {
    encoder,
    maxTokens,
    stage,
    seed,
  }: { readonly encoder: ChatEncoder; readonly maxTokens: number; readonly stage: string; readonly seed: number },
): Promise<Mix | undefined> {
  if (examples === undefined) return undefined;
  const sequences: WeightedSequence[] = [];
  let at = 0;
  for await (const row of examples.read()) {
    try {
      sequences.push(encodeExample(encoder, row, { maxTokens }));
    } catch (cause) {
      if (!IngotError.is(cause)) throw cause;
      throw new IngotError(cause.code, `The stage '${stage}', port 'mix', row ${at}: ${cause.message}`, { cause });
    }
    at++;
  }
  if (sequences.length === 0)
    throw new IngotError(
      'bad-input',
      `The stage '${stage}' was given an empty mix. Leave the port 'mix' out, or give examples.`,
    );
  return { sequences, rows: Math.max(1, Math.round(batch * mixShare)), weight: mixWeight, seed };
}

/** What the lint says before step 0. */
export function feedbackEvents({ completions, train, heldOut, notes }: Prepared, maxTokens: number): StageEvent[] {
  const events: StageEvent[] = [
    table('Feedback', [
      {
        rows: notes.rows,
        training: countOf(train),
        'held out': countOf(heldOut),
        completions: completions.length,
        'tokens (mean)': Math.round(completions.reduce((sum, { ids }) => sum + ids.length, 0) / completions.length),
        truncated: notes.truncated,
        identical: notes.identical,
        ties: notes.ties,
      },
    ]),
  ];
  const say = (count: number, text: string): void => {
    if (count > 0) events.push(warning(`${count.toLocaleString('en')} ${text}`));
  };
  say(notes.identical, 'pairs have the same text as chosen and as rejected: they teach nothing and were left out.');
  say(notes.ties, 'rows are ties and were left out.');
  say(
    notes.truncated,
    `completions were longer than ${maxTokens} tokens with their prompt and were cut. Raise maxTokens, or leave such rows out.`,
  );
  say(notes.contradicted, 'chosen completions have a lower score than the rejected one: are some columns swapped?');
  return events;
}
