// Tables that show what is learnt of examples: known by their columns example, text and weight, whichever stage made them.
import type { EventTypes } from '@ingot/core';

/** Text of one weight. */
export interface Run {
  readonly text: string;
  readonly weight: number;
}
/** One example, as runs. */
export interface Masked {
  readonly example: string;
  readonly runs: readonly Run[];
}

/** The examples of such a table, in order; undefined for any other table. */
export const maskedOf = (rows: EventTypes['table']['rows']): readonly Masked[] | undefined => {
  const examples = new Map<string, Run[]>();
  for (const { example, text, weight, ...rest } of rows) {
    if (example === undefined || typeof text !== 'string' || typeof weight !== 'number' || Object.keys(rest).length > 0)
      return undefined;
    const runs = examples.get(String(example)) ?? [];
    examples.set(String(example), [...runs, { text, weight }]);
  }
  return examples.size === 0 ? undefined : [...examples].map(([example, runs]) => ({ example, runs }));
};
