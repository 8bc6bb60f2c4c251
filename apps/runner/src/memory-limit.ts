// How much memory a stage may need here: core refuses one that predicts more, before any work or before it starts.
import { totalmem } from 'node:os';

/** Bytes that this process may use: the machine's memory, or less inside a container. */
export const memoryLimit = (): number => {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
};
