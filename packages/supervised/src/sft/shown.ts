// The first examples as they are learnt, for eyes: a row a run of equal weight.
import { table, type StageEvent } from '@ingot/core';
import { maskRuns, type ChatEncoder } from '@ingot/text';
import type { ReadExample } from './read-examples.js';

/** Examples shown. */
const SHOWN = 3;

/** A table with the columns example (its row in the data), weight (0: read, not learnt) and text; runs of one example follow each other. */
export const shownExamples = (examples: readonly ReadExample[], { tokenizer }: ChatEncoder): StageEvent =>
  table(
    'What is learnt of the first examples',
    examples
      .slice(0, SHOWN)
      .flatMap(({ row, ids, weights }) =>
        maskRuns(Array.from(ids, (id, at) => ({ bytes: tokenizer.bytes(id), weight: weights[at]! }))).map(
          ({ text, weight }) => ({ example: row, weight, text }),
        ),
      ),
  );
