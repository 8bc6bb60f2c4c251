// Sequences with the same prompt read it once: the first of them computes its keys and values, the others copy them.
import type { KeyValueCache } from '@ingot/tensor';
import type { Sequence } from './sequence.js';

/** For each prompt the index of the first one with the same ids. */
export function firstAlike(prompts: readonly (readonly number[])[]): readonly number[] {
  const first = new Map<string, number>();
  return prompts.map((ids, i) => {
    const key = ids.join();
    const found = first.get(key);
    if (found === undefined) first.set(key, i);
    return found ?? i;
  });
}

/**
 * Copies a prompt's past, all but its last position, into the slots of sequences that have not begun, from one that holds it.
 * Gives those that can feed now: a sequence whose prompt another one is just reading waits for that.
 */
export function sharePrompts(
  active: readonly Sequence[],
  cache: KeyValueCache,
  alike: readonly number[],
): readonly Sequence[] {
  const readers = new Map<number, Sequence>();
  return active.filter((sequence) => {
    if (sequence.slid) return true;
    const prompt = alike[sequence.prompt]!;
    const reader = readers.get(prompt);
    if (!reader) readers.set(prompt, sequence);
    if (!reader || sequence.held > 0 || sequence.before === 0) return true;
    if (reader.held < sequence.before) return false;
    cache.copy(reader.slot, sequence.slot, sequence.before);
    sequence.held = sequence.before;
    sequence.pending = sequence.pending.slice(sequence.before);
    return true;
  });
}
