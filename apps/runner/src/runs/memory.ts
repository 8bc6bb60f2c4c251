// The memory of the last training on a store: what was predicted before it, and what the device measured.
import { gather } from '../report/gather.js';
import { listRuns, openRun } from './folder.js';

/** What a stage of a run said it would need, and needed, in bytes. */
export interface TrainedMemory {
  readonly run: string;
  readonly stage: string;
  readonly predicted?: number;
  readonly measured?: number;
}

/** Of the newest run that trained, its stage that needed most; undefined where none did. */
export const lastMemory = (store: string): TrainedMemory | undefined => {
  for (const { id } of listRuns(store).toReversed()) {
    const stages = Object.entries(gather(openRun(store, id)).memory);
    const [largest] = stages.toSorted(([, a], [, b]) => (b.measured ?? 0) - (a.measured ?? 0));
    if (largest) return { run: id, stage: largest[0], ...largest[1] };
  }
  return undefined;
};
