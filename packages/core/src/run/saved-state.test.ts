// Checkpoints: a cancelled run goes on to the same end, with a log that is whole; another host's state is not continued.
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { metric } from '../events.js';
import { collect, newFolder } from '../fixtures/watch.js';
import { createIngot } from '../ingot.js';
import { kind } from '../kind.js';
import { definePlugin } from '../plugin.js';
import { defineStage } from '../stage.js';
import { artifactEvents } from '../store/admin.js';
import { folderStore } from '../store/folder-store.js';
import { memoryStore } from '../store/memory-store.js';
import { address, checkpointSpace } from '../store/store.js';
import { token } from '../token.js';

const Host = token<object>('@ingot/core', 'test-host');
const training = (host = 'host-1') => {
  const steps: number[] = [];
  const train = defineStage({
    name: 'train',
    version: 1,
    inputs: {},
    outputs: { sum: kind<number>()('sum') },
    options: z.strictObject({ steps: z.int().default(8) }),
    needs: { host: Host },
    async *run({ options, checkpoint, signal }) {
      yield { type: 'text', text: 'before the load' };
      const saved = await checkpoint.load();
      let sum = saved ? new Float64Array((await saved.blob('sum')).slice().buffer)[0]! : 0;
      const from = saved ? (saved.meta as { step: number }).step : 0;
      for (let step = from + 1; step <= options.steps; step++) {
        signal.throwIfAborted();
        steps.push(step);
        sum = sum * 1.1 + step;
        yield metric(step, { sum });
        await checkpoint.save({ step }, { sum: new Uint8Array(Float64Array.of(sum).buffer) });
      }
      return { sum };
    },
  });
  const plugin = definePlugin({
    name: 'training',
    stages: [train],
    services: (bind) => bind.value(Host, {}, { about: () => host }),
  });
  return { steps, pipeline: createIngot({ plugins: [plugin] }).pipeline('p', (g) => g.add('train', {})) };
};
const stores = { memory: () => memoryStore(), folder: () => folderStore(newFolder()) };

describe.each(Object.entries(stores))('in %s', (_, newStore) => {
  test('a cancelled run goes on to the same end, and its log is whole', async () => {
    const whole = newStore();
    const undisturbed = await training().pipeline.run({ store: whole }).result();
    const store = newStore();
    const { steps, pipeline } = training();
    const killed = pipeline.run({ store });
    killed.events.subscribe((event) => event.type === 'metric' && event.step === 4 && killed.cancel());
    await killed.result().catch(() => {});
    const resumed = pipeline.run({ store });
    expect(await resumed.result()).toEqual(undisturbed);
    expect(steps).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 8]);
    const events = await collect(resumed);
    expect(events.flatMap((event) => (event.type === 'metric' ? [[event.step, event.replayed]] : []))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((step) => [step, step <= 3]),
    );
    const { key } = (await pipeline.plan({ store }))[0]!;
    expect(await artifactEvents(store, key)).toEqual(await artifactEvents(whole, key));
    expect(await store.list('checkpoints')).toEqual([]);
    expect(await store.blobs(checkpointSpace(key))).toEqual([]);
  });

  test('a state keeps only its last content', async () => {
    const store = newStore();
    const { pipeline } = training();
    const run = pipeline.run({ store });
    run.events.subscribe((event) => event.type === 'metric' && event.step === 7 && run.cancel());
    await run.result().catch(() => {});
    const { key } = (await pipeline.plan({ store }))[0]!;
    // one tensor, and the log in six segments
    expect(await store.blobs(checkpointSpace(key))).toHaveLength(7);
  });

  test.each([true, false])(
    'a state that was left when its stage was made goes with the next run, its record there: %s',
    async (recorded) => {
      const store = newStore();
      const { pipeline } = training();
      const made = await pipeline.run({ store }).result();
      const { key } = (await pipeline.plan({ store }))[0]!;
      const ref = await store.putBlob(checkpointSpace(key), new Uint8Array(8));
      if (recorded)
        await store.put(address.checkpoint(key), {
          meta: { step: 8 },
          blobs: { sum: { ...ref } },
          events: [],
          about: {},
        });
      expect(await pipeline.run({ store }).result()).toEqual(made);
      expect(await store.list('checkpoints')).toEqual([]);
      expect(await store.blobs(checkpointSpace(key))).toEqual([]);
    },
  );

  test('a state made on another host is not continued, and the log says so', async () => {
    const store = newStore();
    const first = training('host-1').pipeline.run({ store });
    first.events.subscribe((event) => event.type === 'metric' && event.step === 4 && first.cancel());
    await first.result().catch(() => {});
    const { steps, pipeline } = training('host-2');
    const events = await collect(pipeline.run({ store }));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events.flatMap((event) => (event.type === 'warning' ? [event.text] : []))).toEqual([
      'the saved state was made on host-1, and this is another: it is not continued, the stage starts again',
    ]);
    expect((await training('host-1').pipeline.plan({ store }))[0]!.hit).toBe(true);
  });
});
