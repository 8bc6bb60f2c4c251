// Refuses a run before any work when a stage would not fit in this machine's memory.
import { totalmem } from 'node:os';
import { IngotError } from '@ingot/core';
import type { StageRecord } from './runs/record.js';
import { bytes } from './terminal/format.js';

/** Bytes that this process may use: the machine's memory, or less inside a container. */
export const memoryLimit = (): number => {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
};

/** Throws 'out-of-memory' for the first stage to run whose predicted bytes exceed `limit`. Kept stages need no memory. */
export const guardMemory = (stages: readonly StageRecord[], limit: number): void => {
  const large = stages.find((stage) => !stage.hit && (stage.predicted?.bytes ?? 0) > limit);
  if (!large) return;
  throw new IngotError(
    'out-of-memory',
    `Stage '${large.id}' (${large.stage}) would need about ${bytes(large.predicted?.bytes ?? 0)}, this process may use ${bytes(limit)}. Try a smaller batch, context or model; --no-memory-guard runs it anyway.`,
  );
};
