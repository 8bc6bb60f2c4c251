// Runs: one path to the end, a log for every watcher, branches that fail alone, hits that replay their curves.
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { metric, text } from '../events.js';
import { collect, refusal, said } from '../fixtures/watch.js';
import { fakes } from '../fixtures/world.js';
import { createIngot } from '../ingot.js';
import { kind } from '../kind.js';
import { many, optional } from '../ports.js';
import { definePlugin } from '../plugin.js';
import { defineStage } from '../stage.js';
import { memoryStore } from '../store/memory-store.js';

const Value = kind<{ readonly value: number }>()('value');
const world = () => {
  const calls: string[] = [];
  const active = { computing: 0, most: 0, light: 0, mostLight: 0 };
  const steps = defineStage({
    name: 'steps',
    version: 1,
    inputs: { before: optional(Value) },
    outputs: { value: Value },
    computes: true,
    options: z.strictObject({ steps: z.int().default(3), failAt: z.int().default(0) }),
    async *run({ options }) {
      calls.push('start');
      active.most = Math.max(active.most, ++active.computing);
      try {
        for (let step = 1; step <= options.steps; step++) {
          if (step === options.failAt) throw new RangeError('the loss is NaN');
          yield metric(step, { loss: 1 / step });
        }
        return { value: { value: options.steps } };
      } finally {
        active.computing--;
        calls.push('finally');
      }
    },
  });
  const light = defineStage({
    name: 'light',
    version: 1,
    inputs: {},
    outputs: { value: Value },
    options: z.strictObject({ n: z.int() }),
    async *run({ options }) {
      active.mostLight = Math.max(active.mostLight, ++active.light);
      for (let i = 0; i < 3; i++) yield text(`${i}`);
      active.light--;
      return { value: { value: options.n } };
    },
  });
  const all = defineStage({
    name: 'all',
    version: 1,
    inputs: { values: many(Value) },
    outputs: { value: Value },
    options: z.strictObject({}),
    async *run({ inputs }) {
      return { value: { value: inputs.values.reduce((sum, { value }) => sum + value, 0) } };
    },
  });
  return {
    calls,
    active,
    ingot: createIngot({ plugins: [definePlugin({ name: 'steps', stages: [steps, light, all] })] }),
  };
};

describe('a run', () => {
  test('starts at once, without a watcher', async () => {
    const { calls, ingot } = world();
    const run = ingot.pipeline('p', (g) => g.add('steps', {})).run();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toEqual(['start', 'finally']);
    expect(run.state).toBe('done');
  });

  test('cancelled, then asked for its result, never runs again; the author’s finally ran', async () => {
    const { calls, ingot } = world();
    const run = ingot.pipeline('p', (g) => g.add('steps', {}, { steps: 1e6 })).run();
    run.events.subscribe((event) => event.type === 'metric' && event.step === 3 && run.cancel('seen enough'));
    const first = await refusal('cancelled', () => run.result());
    expect(await refusal('cancelled', () => run.result())).toBe(first);
    expect(first.message).toBe("The run of 'p' was cancelled: seen enough.");
    expect(calls).toEqual(['start', 'finally']);
    expect(run.state).toBe('cancelled');
    const events = await collect(run);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', ending: 'cancelled' });
    expect(events.filter((event) => event.type === 'metric')).toHaveLength(3);
  });

  test('a signal cancels on the same path, before the start and in the middle', async () => {
    const { calls, ingot } = world();
    const pipeline = ingot.pipeline('p', (g) => g.add('steps', {}, { steps: 1e6 }));
    const never = pipeline.run({ signal: AbortSignal.abort('too late') });
    await refusal('cancelled', () => never.result());
    expect(await collect(never)).toEqual([
      { type: 'run-end', ending: 'cancelled', why: "The run of 'p' was cancelled: too late." },
    ]);
    const controller = new AbortController();
    const run = pipeline.run({ signal: controller.signal });
    run.events.subscribe((event) => event.type === 'metric' && controller.abort('enough'));
    await refusal('cancelled', () => run.result());
    expect(calls).toEqual(['start', 'finally']);
  });

  test('two subscribers, one that looks away, and one after the end see one log', async () => {
    const { calls, ingot } = world();
    const run = ingot.pipeline('p', (g) => g.add('steps', {})).run();
    const [left, right] = [collect(run), collect(run)];
    const away = run.events.subscribe(() => away?.unsubscribe());
    const events = await left;
    expect(await right).toEqual(events);
    expect(await collect(run)).toEqual(events);
    expect(events.map((event) => event.type)).toEqual([
      'run-start',
      'stage-start',
      'metric',
      'metric',
      'metric',
      'stage-end',
      'run-end',
    ]);
    expect(calls).toEqual(['start', 'finally']);
  });

  test('an error in one of two branches stops what depends on it and lets the rest finish', async () => {
    const { ingot } = world();
    const store = memoryStore();
    const run = ingot
      .pipeline('p', (g) => {
        const bad = g.add('steps', {}, { failAt: 2 }, 'bad');
        const good = g.add('steps', {}, { steps: 5 }, 'good');
        const after = g.add('all', { values: [bad.value, good.value] }, {}, 'after');
        const beside = g.add('all', { values: [good.value] }, {}, 'beside');
        return { after: after.value, beside: beside.value };
      })
      .run({ store });
    const error = await refusal('stage-failed', () => run.result());
    expect(error.message).toBe("Stage 'bad' of pipeline 'p' failed: the loss is NaN");
    expect(error.cause).toBeInstanceOf(RangeError);
    const events = await collect(run);
    expect(said(events, 'stage-failed')).toEqual(['bad']);
    expect(said(events, 'stage-skipped')).toEqual(['after']);
    expect(said(events, 'stage-end').sort()).toEqual(['beside', 'good']);
    expect(events.at(-1)).toMatchObject({ ending: 'failed', why: error.message });
  });

  test('a hit replays its curves, NaN included', async () => {
    const { calls, ingot } = world();
    const store = memoryStore();
    const pipeline = ingot.pipeline('p', (g) => g.add('steps', {}));
    const curve = async () =>
      (await collect(pipeline.run({ store }))).flatMap((event) =>
        event.type === 'metric' ? [[event.step, event.values['loss'], event.replayed]] : [],
      );
    expect(await curve()).toEqual([
      [1, 1, false],
      [2, 1 / 2, false],
      [3, 1 / 3, false],
    ]);
    expect(await curve()).toEqual([
      [1, 1, true],
      [2, 1 / 2, true],
      [3, 1 / 3, true],
    ]);
    expect(calls).toEqual(['start', 'finally']);
  });

  test('light stages run side by side, of stages that compute one at a time', async () => {
    const { active, ingot } = world();
    await ingot
      .pipeline('p', (g) => {
        const lights = [1, 2].map((n) => g.add('light', {}, { n }).value);
        const heavy = [1, 2, 3].map((steps) => g.add('steps', {}, { steps }).value);
        return g.add('all', { values: [...lights, ...heavy] });
      })
      .run()
      .result();
    expect(active).toMatchObject({ most: 1, mostLight: 2 });
  });

  test('of two runs of one key at once the second waits and finds the first’s', async () => {
    const { calls, ingot } = world();
    const store = memoryStore();
    const pipeline = ingot.pipeline('p', (g) => g.add('steps', {}));
    const runs = [pipeline.run({ store }), pipeline.run({ store })];
    const [one, two] = await Promise.all(runs.map((run) => run.result()));
    expect(one).toEqual(two);
    expect(calls).toEqual(['start', 'finally']);
    const logs = await Promise.all(runs.map(collect));
    expect(logs.flatMap((log) => said(log, 'stage-wait'))).toEqual(['steps']);
    expect(logs.flatMap((log) => said(log, 'stage-cached'))).toEqual(['steps']);
  });

  test('values come back from the store, frozen, and equal in both stores', async () => {
    const ingot = createIngot({ plugins: [fakes()] });
    const { count } = await ingot
      .pipeline('p', (g) => g.add('count', g.add('source', {})))
      .run()
      .result();
    expect(count).toEqual({ count: 3 });
    expect(Object.isFrozen(count)).toBe(true);
  });
});
