// Memory: a stage that predicts more than it may use is refused before any work, or before it starts, and what is made stays.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { collect, refusal, said } from '../fixtures/watch.js';
import { createIngot } from '../ingot.js';
import { kind } from '../kind.js';
import { definePlugin } from '../plugin.js';
import { defineStage } from '../stage.js';
import { memoryStore } from '../store/memory-store.js';

const Size = kind<{ readonly bytes: number }>()('size');
const design = defineStage({
  name: 'design',
  version: 1,
  inputs: {},
  outputs: { size: Size },
  options: z.strictObject({ bytes: z.number() }),
  async *run({ options }) {
    return { size: { bytes: options.bytes } };
  },
});
const train = defineStage({
  name: 'train',
  version: 1,
  inputs: { size: Size },
  outputs: { done: Size },
  options: z.strictObject({}),
  estimate: ({ inputs }) => (inputs.size ? { bytes: inputs.size.bytes, flops: 1 } : undefined),
  async *run({ inputs }) {
    return { done: inputs.size };
  },
});
const pipelineOf = (bytes: number) =>
  createIngot({ plugins: [definePlugin({ name: 'memory', stages: [design, train] })] }).pipeline('p', (g) =>
    g.add('train', g.add('design', {}, { bytes })),
  );

test('a plan names the stages that an estimate waits for', async () => {
  const store = memoryStore();
  expect((await pipelineOf(5e9).plan({ store })).map((row) => row.estimateAfter)).toEqual([undefined, ['design']]);
  await pipelineOf(5e9).run({ store }).result();
  expect((await pipelineOf(5e9).plan({ store })).some((row) => row.estimateAfter)).toBe(false);
});
test('refused before it starts when only then it can say, and what was made before is kept', async () => {
  const store = memoryStore();
  const run = pipelineOf(540e9).run({ store, memory: 25e9 });
  const error = await refusal('out-of-memory', () => run.result());
  expect(error.message).toMatch(
    /^Stage 'train' of pipeline 'p' would need about 540 GB, it may use 25\.0 GB\. Try a smaller batch/,
  );
  const events = await collect(run);
  expect(said(events, 'stage-start')).toEqual(['design']);
  expect(said(events, 'stage-failed')).toEqual(['train']);
  expect((await pipelineOf(540e9).plan({ store })).map((row) => row.hit)).toEqual([true, false]);
});
test('refused before any work when the plan knows', async () => {
  const store = memoryStore();
  await pipelineOf(540e9)
    .run({ store, memory: 25e9 })
    .result()
    .catch(() => {});
  const run = pipelineOf(540e9).run({ store, memory: 25e9 });
  await refusal('out-of-memory', () => run.result());
  expect((await collect(run)).map((event) => event.type)).toEqual(['run-end']);
});
test('what fits exactly runs, what has no limit runs, and the start says the estimate', async () => {
  for (const limit of [{ memory: 25e9 }, {}]) {
    const run = pipelineOf(25e9).run(limit);
    await run.result();
    expect(await collect(run)).toContainEqual(
      expect.objectContaining({ type: 'stage-start', stage: 'train', estimate: { bytes: 25e9, flops: 1 } }),
    );
  }
});
