// Keys: a change of one thing re-runs exactly what depends on it, and the plan says why.
import { describe, expect, test } from 'vitest';
import { Scale, fakes, type WorldOptions } from '../fixtures/world.js';
import { refusal, said, collect } from '../fixtures/watch.js';
import { createIngot } from '../ingot.js';
import { defineStage } from '../stage.js';
import { definePlugin } from '../plugin.js';
import { kind } from '../kind.js';
import { memoryStore } from '../store/memory-store.js';
import * as z from 'zod';

interface Change extends WorldOptions {
  readonly plus?: number;
  readonly by?: number;
  readonly title?: string;
  readonly seed?: number;
}
const pipelineOf = ({ plus, by, title, seed = 7, ...world }: Change = {}) =>
  createIngot({ plugins: [fakes(world)] }).pipeline(
    'keys',
    (g) => {
      const { letters } = g.add('source', {});
      const { count } = g.add(
        'count',
        { letters },
        {
          ...(plus === undefined ? {} : { plus }),
          ...(title === undefined ? {} : { title }),
          scale: [{ use: 'times' }, Scale.inline('half', 1, (value) => value / 2)],
        },
      );
      const { count: aside } = g.add('sum', { counts: [count] });
      const { count: grown } = g.add(
        'grow',
        { count },
        { scale: by === undefined ? { use: 'nested' } : { use: 'nested', inner: { use: 'times', by } } },
      );
      const { count: kept } = g.add('same', { count: grown });
      return { kept, aside };
    },
    { seed },
  );

const changes: readonly (readonly [string, Change, readonly string[], string])[] = [
  [
    'one byte of input',
    { content: 'abd' },
    ['source', 'count', 'sum', 'grow', 'same'],
    'the content of the source changed',
  ],
  ['one option', { plus: 1 }, ['count', 'sum', 'grow', 'same'], "option 'plus': 0 → 1"],
  ['one option of a nested part', { by: 3 }, ['grow', 'same'], "option 'scale.inner.by': 2 → 3"],
  ['one stage version', { countVersion: 2 }, ['count', 'sum', 'grow', 'same'], 'stage version: 1 → 2'],
  [
    'one part version',
    { timesVersion: 2 },
    ['count', 'sum', 'grow', 'same'],
    "version of the part in 'scale.0': 1 → 2",
  ],
  [
    'one service fingerprint',
    { unit: 'unit-2' },
    ['grow', 'same'],
    `service '@ingot/core/test-unit': "unit-1" → "unit-2"`,
  ],
  ['the seed, for what draws', { seed: 8 }, ['grow', 'same'], 'seed: 7 → 8'],
];

describe('a change re-runs exactly the descendants, and the plan says why', () => {
  test.each(changes)('%s', async (_, change, misses, why) => {
    const store = memoryStore();
    await pipelineOf().run({ store }).result();
    const rows = await pipelineOf(change).plan({ store });
    expect(rows.filter((row) => !row.hit).map((row) => row.id)).toEqual(misses);
    expect(rows.find((row) => !row.hit)!.why).toBe(why);
    for (const row of rows.filter(({ id, hit }) => !hit && id !== misses[0]))
      expect(row.why).toMatch(/input '[\w.]+' changed|version of the part/);
    const events = await collect(pipelineOf(change).run({ store }));
    expect(said(events, 'stage-start').sort()).toEqual([...misses].sort());
    expect((await pipelineOf(change).plan({ store })).every((row) => row.hit)).toBe(true);
  });

  test('a view changes no key', async () => {
    const keys = async (change: Change) => (await pipelineOf(change).plan()).map((row) => row.key);
    expect(await keys({ title: 'other' })).toEqual(await keys({}));
  });

  test('a recipe and the same code share every key', async () => {
    const ingot = createIngot({ plugins: [fakes()] });
    const code = ingot.pipeline('same', (g) => {
      const { letters } = g.add('source', {});
      const { count } = g.add('count', { letters }, { plus: 2, scale: [{ use: 'nested' }] });
      return g.add('grow', { count }, { steps: 4 });
    });
    const recipe = ingot.fromRecipe({
      name: 'other-name',
      stages: {
        letters: { use: 'source' },
        counted: {
          use: 'count',
          from: { letters: 'letters.letters' },
          how: { scale: [{ use: 'nested' }], plus: 2, title: 'a view' },
        },
        grown: { use: 'grow', from: { count: 'counted.count' }, how: { steps: 4 } },
      },
      outputs: { count: 'grown.count' },
    });
    const keys = async (pipeline: Pick<typeof code, 'plan'>) => (await pipeline.plan()).map((row) => row.key);
    expect(await keys(recipe)).toEqual(await keys(code));
  });

  test('rows predict what a stage says it costs, from what is there', async () => {
    const store = memoryStore();
    const rows = await pipelineOf().plan({ store });
    expect(rows.map((row) => row.estimate)).toEqual([
      undefined,
      undefined,
      undefined,
      { bytes: 0, flops: 3 },
      undefined,
    ]);
    await pipelineOf().run({ store }).result();
    const changed = await pipelineOf({ seed: 9 }).plan({ store });
    expect(changed.find((row) => row.id === 'grow')!.estimate).toEqual({ bytes: 3, flops: 3 });
  });
});

describe('values that JSON cannot tell apart are refused', () => {
  const loose = defineStage({
    name: 'loose',
    version: 1,
    inputs: {},
    outputs: { x: kind<string>()('x') },
    options: z.strictObject({ v: z.unknown() }),
    async *run() {
      return { x: '' };
    },
  });
  const ingot = createIngot({ plugins: [definePlugin({ name: 'loose', stages: [loose] })] });
  class Own {
    readonly field = 1;
  }
  const values = {
    NaN,
    Infinity,
    '-Infinity': -Infinity,
    Map: new Map(),
    Set: new Set(),
    RegExp: /a/,
    function: () => 1,
    Date: new Date(),
    bigint: 1n,
    symbol: Symbol('s'),
    bytes: new Uint8Array(2),
    class: new Own(),
    hole: [1, undefined],
    deep: { a: [NaN] },
  };
  test.each(Object.entries(values))('%s', async (_, v) => {
    const error = await refusal('not-keyable', () => ingot.pipeline('p', (g) => g.add('loose', {}, { v })));
    expect(error.message).toMatch(/options\.v.* is .*only plain JSON/);
  });
  test('−0 and 0 differ, undefined and absent do not', async () => {
    const key = async (v: unknown) => (await ingot.pipeline('p', (g) => g.add('loose', {}, { v })).plan())[0]!.key;
    expect(await key(-0)).not.toBe(await key(0));
    expect(await key({ a: undefined })).toBe(await key({}));
    expect(await key({ a: 1, b: 2 })).toBe(await key({ b: 2, a: 1 }));
  });
});
