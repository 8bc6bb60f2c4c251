// Feedback as tokens: pairs of completions, or completions each liked or disliked; with what was wrong in the rows.
import { createHash } from 'node:crypto';
import { IngotError } from '@ingot/core';
import type { CompletionValue, FeedbackRow, PromptValue } from '@ingot/contracts';
import { encodeCompletion, type ChatEncoder } from '@ingot/text';
import type { ScoredSequence } from '@ingot/training';

/** A completion as tokens, with the row that it came from: its number in the list is its place among the reference's log-probabilities. */
export interface EncodedCompletion extends ScoredSequence {
  readonly row: number;
  /** Its place among the completions of the row. */
  readonly completion: number;
  readonly truncated: boolean;
}
/** Two completions of one prompt, as places in the list of completions. */
export interface Pair {
  readonly chosen: number;
  readonly rejected: number;
}
/** A completion that was liked or not; `mismatched` is the same prompt with another row's completion (KTO's estimate of the KL). */
export interface Label {
  readonly completion: number;
  readonly liked: boolean;
  readonly mismatched: number | undefined;
}
/** What the lint says of the rows. */
export interface FeedbackNotes {
  readonly rows: number;
  /** Pairs whose two texts are the same: they teach nothing. */
  readonly identical: number;
  /** Rows that gave no pair: all completions are ties. */
  readonly ties: number;
  readonly truncated: number;
  /** Rows whose scores say the opposite of their ranks. */
  readonly contradicted: number;
}

export interface EncodeHow {
  readonly encoder: ChatEncoder;
  readonly maxTokens: number;
  /** The stage, for messages. */
  readonly stage: string;
}
const say = (prompt: PromptValue): string =>
  JSON.stringify((typeof prompt === 'string' ? prompt : (prompt.at(-1)?.content ?? '')).slice(0, 60));

/** One completion; errors name the row. Throws `bad-input` for an empty one. */
function encodeOne(
  { encoder, maxTokens, stage }: EncodeHow,
  row: FeedbackRow,
  at: number,
  index: number,
): EncodedCompletion {
  const { text } = row.completions[index]!;
  if (text.trim() === '')
    throw new IngotError(
      'bad-input',
      `The stage '${stage}' was given feedback whose row ${at} (${say(row.prompt)}) has an empty completion ${index}. Leave such rows out: they would teach the model to say nothing.`,
    );
  try {
    const { ids, promptLength, truncated } = encodeCompletion(encoder, row.prompt, text, { maxTokens });
    if (promptLength === 0)
      throw new IngotError('bad-input', 'The prompt is empty: there is nothing that the completion answers.');
    return { ids, from: promptLength, row: at, completion: index, truncated };
  } catch (cause) {
    if (!IngotError.is(cause)) throw cause;
    throw new IngotError(cause.code, `The stage '${stage}', feedback row ${at}: ${cause.message}`, { cause });
  }
}

/** The list of completions; a text that comes again after the same prompt has the same place: it is encoded, and scored by the reference, once. */
function completionList(how: EncodeHow) {
  const completions: EncodedCompletion[] = [];
  const places = new Map<string, number>();
  const place = (row: FeedbackRow, at: number, index: number): number => {
    const key = createHash('sha1')
      .update(JSON.stringify([row.prompt, row.completions[index]!.text]))
      .digest('base64');
    const known = places.get(key);
    if (known !== undefined) return known;
    completions.push(encodeOne(how, row, at, index));
    places.set(key, completions.length - 1);
    return completions.length - 1;
  };
  return { completions, place };
}

const rankOf = ({ rank, score, label }: CompletionValue, index: number): number =>
  rank ?? (score !== undefined ? -score : label !== undefined ? (label ? 0 : 1) : index);

/** Which completion is better than which: the best against the worst, or every pair that is no tie. */
function pairsOfRow(completions: readonly CompletionValue[], which: 'best-worst' | 'all'): readonly [number, number][] {
  const ranked = completions.map((completion, index) => ({ index, rank: rankOf(completion, index) }));
  const sorted = ranked.toSorted((a, b) => a.rank - b.rank || a.index - b.index);
  const all = sorted.flatMap((better, i) =>
    sorted
      .slice(i + 1)
      .flatMap((worse): [number, number][] => (worse.rank > better.rank ? [[better.index, worse.index]] : [])),
  );
  if (which === 'all') return all;
  const [best, worst] = [sorted[0], sorted.at(-1)];
  return best && worst && worst.rank > best.rank ? [[best.index, worst.index]] : [];
}

const contradicts = (completions: readonly CompletionValue[], [better, worse]: readonly [number, number]): boolean => {
  const [a, b] = [completions[better]?.score, completions[worse]?.score];
  return a !== undefined && b !== undefined && a < b;
};
/** Throws `bad-input` where the scores say the opposite of the preferences in most of them: columns are swapped. */
function checkSwapped(stage: string, contradicted: number, of: number): void {
  if (contradicted <= of / 2) return;
  throw new IngotError(
    'bad-input',
    `The stage '${stage}' was given feedback in which ${contradicted} of ${of} chosen completions have a lower score than the rejected one. Are the columns swapped? Exchange chosen and rejected, or leave the scores out.`,
  );
}

/**
 * Pairs of the rows. Throws `bad-input` for an empty completion, for rows without two completions, and when no pair is left to learn from.
 */
export async function encodePairs(
  rows: AsyncIterable<FeedbackRow>,
  how: EncodeHow & { readonly pairs: 'best-worst' | 'all' },
): Promise<{ readonly completions: EncodedCompletion[]; readonly pairs: Pair[]; readonly notes: FeedbackNotes }> {
  const { completions, place } = completionList(how);
  const pairs: Pair[] = [];
  let [at, identical, ties, contradicted] = [0, 0, 0, 0];
  for await (const row of rows) {
    if (row.completions.length < 2)
      throw new IngotError(
        'bad-input',
        `The stage '${how.stage}' learns from pairs, and row ${at} (${say(row.prompt)}) has ${row.completions.length} completions. Give two or more, or take a method that learns from labels (kto).`,
      );
    const found = pairsOfRow(row.completions, how.pairs);
    if (found.length === 0) ties++;
    for (const [better, worse] of found) {
      if (contradicts(row.completions, [better, worse])) contradicted++;
      if (row.completions[better]!.text === row.completions[worse]!.text) {
        identical++;
        continue;
      }
      pairs.push({ chosen: place(row, at, better), rejected: place(row, at, worse) });
    }
    at++;
  }
  const truncated = completions.filter((completion) => completion.truncated).length;
  const notes = { rows: at, identical, ties, truncated, contradicted };
  if (pairs.length === 0)
    throw new IngotError(
      'bad-input',
      `The stage '${how.stage}' found no pair to learn from in ${at} rows: ${identical} have the same text on both sides, ${ties} are ties. Give completions that differ.`,
    );
  checkSwapped(how.stage, contradicted, pairs.length);
  return { completions, pairs, notes };
}

/**
 * Labels of the rows: a completion's own, else the best rank is liked and the others are not. A text that is liked and disliked after one prompt is left out.
 * Throws `bad-input` for rows that say neither, for an empty completion, and when no label is left to learn from.
 */
export async function encodeLabels(
  rows: AsyncIterable<FeedbackRow>,
  how: EncodeHow & { readonly mismatched: boolean },
): Promise<{ readonly completions: EncodedCompletion[]; readonly labels: Label[]; readonly notes: FeedbackNotes }> {
  const completions: EncodedCompletion[] = [];
  const seen: FeedbackRow[] = [];
  const liked: boolean[] = [];
  let [at, ties, identical, contradicted, compared] = [0, 0, 0, 0, 0];
  for await (const row of rows) {
    seen.push(row);
    const ranks = row.completions.map(rankOf);
    const [best, worst] = [Math.min(...ranks), Math.max(...ranks)];
    const likes = row.completions.map(({ label }, index) => label ?? ranks[index] === best);
    const disliked = new Set(row.completions.flatMap(({ text }, index) => (likes[index] ? [] : [text])));
    const both = new Set(row.completions.flatMap(({ text }, i) => (likes[i] && disliked.has(text) ? [text] : [])));
    const [better, worse] = [likes.indexOf(true), likes.indexOf(false)];
    if (better >= 0 && worse >= 0) {
      compared++;
      if (contradicts(row.completions, [better, worse])) contradicted++;
    }
    row.completions.forEach((completion, index) => {
      if (completion.label === undefined && row.completions.length < 2)
        throw new IngotError(
          'bad-input',
          `The stage '${how.stage}' learns from labels, and row ${at} (${say(row.prompt)}) has one completion without a label. Say label: true or false.`,
        );
      if (completion.label === undefined && best === worst) {
        ties++;
        return;
      }
      if (both.has(completion.text) && completion.text.trim() !== '') {
        if (likes[index]) identical++;
        return;
      }
      completions.push(encodeOne(how, row, at, index));
      liked.push(likes[index]!);
    });
    at++;
  }
  if (completions.length === 0)
    throw new IngotError(
      'bad-input',
      `The stage '${how.stage}' found no labelled completion to learn from in ${at} rows: ${identical} have the same text liked and disliked, ${ties} are ties. Give completions with label: true or false, or ranked ones.`,
    );
  checkSwapped(how.stage, contradicted, compared);
  const own = completions.length;
  const mismatched = how.mismatched ? mismatch(completions, seen, how) : [];
  const labels = liked.map((like, completion) => ({ completion, liked: like, mismatched: mismatched[completion] }));
  const truncated = completions.slice(0, own).filter((completion) => completion.truncated).length;
  return { completions, labels, notes: { rows: at, identical, ties, truncated, contradicted } };
}

/** Appends each prompt with the completion of the next row that has another prompt; places of them, or undefined where all prompts are the same. */
function mismatch(
  completions: EncodedCompletion[],
  rows: readonly FeedbackRow[],
  how: EncodeHow,
): (number | undefined)[] {
  const own = completions.slice();
  const prompts = rows.map(({ prompt }) => JSON.stringify(prompt));
  return own.map((completion, i) => {
    for (let step = 1; step < own.length; step++) {
      const other = own[(i + step) % own.length]!;
      if (prompts[other.row] === prompts[completion.row]) continue;
      const text = rows[other.row]!.completions[other.completion]!;
      const row = { ...rows[completion.row]!, completions: [text] };
      completions.push({ ...encodeOne(how, row, completion.row, 0), completion: -1 });
      return completions.length - 1;
    }
    return undefined;
  });
}

/** Every completion of every row, in order, for those who only score. Throws `bad-input` as `encodePairs`. */
export async function encodeCompletions(
  rows: AsyncIterable<FeedbackRow>,
  how: EncodeHow,
): Promise<{ readonly completions: EncodedCompletion[]; readonly rows: number }> {
  const completions: EncodedCompletion[] = [];
  let at = 0;
  for await (const row of rows) {
    row.completions.forEach((_, index) => completions.push(encodeOne(how, row, at, index)));
    at++;
  }
  return { completions, rows: at };
}
