// Splits of examples and feedback by the hash of the prompt: `split-examples` and `split-feedback`. Rows of one prompt are never on both sides.
import { Examples, Prompts, type ExampleRow, type FeedbackRow, type RowsValue } from '@ingot/contracts';
import { defineStage, IngotError, sameAs, table } from '@ingot/core';
import * as z from 'zod';
import { listOf, rowsOf } from './load-rows.js';
import { isHeldOut } from './prompt-key.js';

const options = z.strictObject({
  holdOut: z.number().gt(0).lt(1).default(0.1).describe('The share of prompts that is held out, chosen by their hash.'),
});

const sides = async <Row extends ExampleRow | FeedbackRow>(value: RowsValue<Row>, holdOut: number, stage: string) => {
  const rows = await listOf(value);
  const train = rows.filter((row) => !isHeldOut(row, holdOut));
  const heldOut = rows.filter((row) => isHeldOut(row, holdOut));
  if (train.length === 0 || heldOut.length === 0)
    throw new IngotError(
      'bad-input',
      `Stage '${stage}': wanted prompts on both sides of a split at ${holdOut}, got ${train.length} rows to train on and ${heldOut.length} held out. Give more prompts, or another holdOut.`,
    );
  return { train: rowsOf(train), heldOut: rowsOf(heldOut) };
};
const told = (
  name: string,
  { train, heldOut }: { readonly train: RowsValue<unknown>; readonly heldOut: RowsValue<unknown> },
) => table(name, [{ train: train.rows, 'held out': heldOut.rows }]);

/** Two parts of examples. Throws 'bad-input' when one of them would be empty. */
export const splitExamples = defineStage({
  name: 'split-examples',
  version: 1,
  inputs: { examples: Examples },
  outputs: { train: Examples, heldOut: Examples },
  options,
  async *run({ inputs, options: { holdOut } }) {
    const parts = await sides(inputs.examples, holdOut, 'split-examples');
    yield told('Split of the examples', parts);
    return parts;
  },
});

/** Two parts of prompts, labels or pairs, of the kind that was given. Throws 'bad-input' when one of them would be empty. */
export const splitFeedback = defineStage({
  name: 'split-feedback',
  version: 1,
  inputs: { feedback: Prompts },
  outputs: { train: sameAs('feedback'), heldOut: sameAs('feedback') },
  options,
  async *run({ inputs, options: { holdOut } }) {
    const parts = await sides(inputs.feedback, holdOut, 'split-feedback');
    yield told('Split of the feedback', parts);
    return parts;
  },
});
