// Few-shot examples before a prompt: taken in order or by a seeded draw, never the item itself.
import { below, STREAMS, words } from '../statistics/resampling.js';
import type { TaskRow } from './rows.js';

export interface FewShotOptions {
  /** Examples before each prompt. */
  readonly fewShot: number;
  /** 'random': a draw for each item, from its seed and place alone; 'first': the first ones, the harness's `first_n`. */
  readonly sampler: 'random' | 'first';
  readonly seed: number;
  /** Between a prompt and its answer. */
  readonly delimiter: string;
  /** Between examples. */
  readonly separator: string;
}

/** An example with its answer; text rows have no answer and are never examples. */
export function spellExample(row: TaskRow, delimiter: string): string | undefined {
  if (row.kind === 'text') return undefined;
  const answer = row.kind === 'choice' ? row.choices[row.answer] : row.targets[0];
  return `${row.prompt}${delimiter}${answer ?? ''}`;
}

/** `count` of the numbers 0 … n − 1 without repetition, by the first steps of a Fisher-Yates shuffle. */
function draw(count: number, n: number, word: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < Math.min(count, n - 1); i++) {
    const j = i + below(word(), n - i);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order.slice(0, count);
}

/** What stands before the prompt of the item at `index`: examples of its kind from `pool`, without the item itself (when it is in the pool). */
export function shotsBefore(item: TaskRow, index: number, pool: readonly TaskRow[], options: FewShotOptions): string {
  const { fewShot, sampler, seed, delimiter, separator } = options;
  if (fewShot === 0) return '';
  const others = pool.filter((row) => row !== item && row.kind === item.kind);
  const taken =
    sampler === 'first'
      ? others.slice(0, fewShot)
      : draw(Math.min(fewShot, others.length), others.length, words(seed, STREAMS.shots, index)).flatMap(
          (i) => others[i] ?? [],
        );
  return taken.map((row) => `${spellExample(row, delimiter) ?? ''}${separator}`).join('');
}
