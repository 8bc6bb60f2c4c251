// Which sequences go into one call: those that feed equally many ids, so that a ragged batch needs no padding. The last id of each prompt waits for
// those of the others: so prompts of different lengths meet the head in one call, and not each alone.
import type { Sequence } from './sequence.js';

export interface Group {
  /** Ids that each member feeds. */
  readonly length: number;
  /** Whether nothing is pending afterwards, so that a token is drawn: `length` is 1 then. */
  readonly completes: boolean;
  readonly members: readonly Sequence[];
}

/** Rows of one call: bounds the memory of activations while prompts are read. */
const rowsOfOneCall = 4096;

/** Cuts the sequences at work into calls, in order; a prompt longer than `prefill` is fed over several rounds. */
export function groups(active: readonly Sequence[], prefill: number): readonly Group[] {
  const byWork = new Map<number, Sequence[]>();
  for (const sequence of active) {
    const work = Math.min(sequence.pending.length - 1, prefill);
    const members = byWork.get(work);
    if (members) members.push(sequence);
    else byWork.set(work, [sequence]);
  }
  return [...byWork].flatMap(([work, members]) => {
    const length = Math.max(1, work);
    const most = Math.max(1, Math.floor(rowsOfOneCall / length));
    return Array.from({ length: Math.ceil(members.length / most) }, (_, i) => ({
      length,
      completes: work === 0,
      members: members.slice(i * most, (i + 1) * most),
    }));
  });
}
