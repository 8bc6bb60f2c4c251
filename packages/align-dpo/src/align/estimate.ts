// What a preference run will cost, before it starts.
import { Installed, type Estimate } from '@ingot/core';
import { Family, type DesignValue } from '@ingot/contracts';
import type { AlignOptions } from './options.js';

/** Bytes of a step over both completions of each row at the full length, with a second copy of the weights where one is kept. Undefined until the design is known. */
export async function alignEstimate(
  options: Pick<AlignOptions, 'batch' | 'microBatch' | 'maxTokens' | 'reference' | 'steps'>,
  design: DesignValue | undefined,
  installed: Installed,
): Promise<Estimate | undefined> {
  if (!design) return undefined;
  const family = await installed.make(Family, design.family);
  const length = Math.min(options.maxTokens ?? design.context, design.context);
  const rows = 2 * (options.microBatch ?? options.batch);
  const { parameters, trainingBytes, flopsPerToken } = family.estimate(design, rows, length);
  return {
    bytes: trainingBytes + (options.reference === 'copy' ? 4 * parameters : 0),
    flops: (options.steps ?? 100) * 2 * options.batch * length * flopsPerToken,
  };
}
