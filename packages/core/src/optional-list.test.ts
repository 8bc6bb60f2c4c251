// A list that may be left out: `optional(many(Kind))`, in types, wiring, recipes' schema and at run time.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createIngot, definePlugin, defineStage, kind, many, memoryStore, optional } from './index.js';
import { inputPort } from './ports.js';

const Count = kind<number>()('test/optional-list-count');
const one = defineStage({
  name: 'one',
  version: 1,
  inputs: {},
  outputs: { count: Count },
  options: z.strictObject({ value: z.number() }),
  async *run({ options }) {
    return { count: options.value };
  },
});
const total = defineStage({
  name: 'total',
  version: 1,
  inputs: { count: Count, more: optional(many(Count)) },
  outputs: { count: Count },
  options: z.strictObject({}),
  async *run({ inputs }) {
    const more: readonly number[] | undefined = inputs.more;
    return { count: inputs.count + (more ?? [-100]).reduce((sum, value) => sum + value, 0) };
  },
});
const ingot = createIngot({ plugins: [definePlugin({ name: 'test', stages: [one, total] })] });

test.each([
  ['left out', undefined, -99],
  ['empty', 0, 1],
  ['of two', 2, 5],
])('%s', async (_, length, wanted) => {
  const pipeline = ingot.pipeline('p', (g) => {
    const { count } = g.add('one', {}, { value: 1 });
    const { count: two } = g.add('one', {}, { value: 2 });
    return g.add('total', { count, more: length === undefined ? undefined : Array.from({ length }, () => two) });
  });
  expect(await pipeline.run({ store: memoryStore() }).result()).toEqual({ count: wanted });
});

test('one ref in place of the list is refused, in types and at run time', () => {
  expect(inputPort(total.inputs.more)).toEqual({ kind: Count, optional: true, many: true });
  expect(() =>
    ingot.pipeline('p', (g) => {
      const { count } = g.add('one', {}, { value: 1 });
      // @ts-expect-error a ref is no list
      return g.add('total', { count, more: count });
    }),
  ).toThrow(/input 'more', wants a list of 'test\/optional-list-count'/);
});
