// Replay: from a checkpoint or the beginning, the logged numbers again, nothing written; what cannot be replayed is refused.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newFolder, refusal } from '../fixtures/watch.js';
import { watchedWorld } from '../fixtures/watched-world.js';
import { memoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';

const setUp = (steps = 6) => {
  const folder = newFolder();
  const [left, right] = [join(folder, 'left.txt'), join(folder, 'right.txt')];
  writeFileSync(left, 'abc');
  writeFileSync(right, 'xy');
  const world = watchedWorld();
  return { ...world, pipeline: world.pipeline(left, right, { steps }), right, store: memoryStore() };
};
/** A store that only gives. */
const sealed = (store: Store): Store => {
  const refuse = async (): Promise<never> => {
    throw new Error('a replay wrote');
  };
  return {
    ...store,
    put: refuse,
    remove: refuse,
    putBlob: refuse,
    removeBlob: refuse,
    removeSpace: refuse,
    lock: refuse,
  };
};
const sumAt = (step: number): number => (step === 0 ? 0 : sumAt(step - 1) * 1.1 + step);

describe('replay', () => {
  test('of a finished stage begins at the beginning, gives the numbers of the log, and writes nothing', async () => {
    const { pipeline, store, ran } = setUp();
    await pipeline.run({ store }).result();
    ran.length = 0;
    const said: string[] = [];
    const replay = await pipeline.replay({
      store: sealed(store),
      stage: 'train',
      step: 4,
      say: (e) => said.push(e.type),
    });
    expect(replay.values).toEqual({ sum: sumAt(4) });
    expect(replay.logged).toEqual({ sum: sumAt(4) });
    expect(replay.key).toBe((await pipeline.plan({ store })).find(({ id }) => id === 'train')!.key);
    expect(said).toEqual(['metric', 'metric', 'metric', 'metric']);
    expect(ran).toEqual(['train xy from 0', 'train ended']);
  });

  test('of a stopped stage goes on from a checkpoint of an earlier step, never from a later one', async () => {
    const { pipeline, store, ran } = setUp();
    const run = pipeline.run({ store });
    run.events.subscribe((event) => event.type === 'metric' && event.step === 3 && run.cancel('enough'));
    await run.result().catch(() => {});
    ran.length = 0;
    const late = await pipeline.replay({ store: sealed(store), stage: 'train', step: 5 });
    expect(late.values).toEqual({ sum: sumAt(5) });
    expect(late.logged).toBeUndefined();
    const early = await pipeline.replay({ store: sealed(store), stage: 'train', step: 2 });
    expect(early).toMatchObject({ values: { sum: sumAt(2) }, logged: { sum: sumAt(2) } });
    expect(ran).toEqual(['train xy from 3', 'train ended', 'train xy from 0', 'train ended']);
  });

  test('can be cancelled', async () => {
    const { pipeline, store } = setUp(100);
    await pipeline.run({ store }).result();
    const abort = new AbortController();
    const options = { store, stage: 'train', step: 99, signal: abort.signal, say: () => abort.abort('enough') };
    const error = await refusal('cancelled', () => pipeline.replay(options));
    expect(error.message).toBe("The run of 'watched' was cancelled: enough.");
  });

  test('is refused for a stage without steps, an unknown one, no step, and inputs that are not made', async () => {
    const { pipeline, store } = setUp();
    const ask = (stage: string, step: number) => () => pipeline.replay({ store, stage, step });
    expect((await refusal('bad-input', ask('train', 2))).message).toContain(
      "what it takes from 'right' is not in the store",
    );
    await pipeline.run({ store }).result();
    expect((await refusal('bad-input', ask('count-left', 2))).message).toContain("Wanted a training stage: 'train'.");
    expect((await refusal('unknown-name', ask('trian', 2))).message).toContain("Did you mean 'train'?");
    expect((await refusal('bad-input', ask('train', 7))).message).toContain('ended without a step 7.');
    for (const step of [0, -1, 1.5, Number.NaN])
      expect((await refusal('bad-input', ask('train', step))).message).toContain(`was asked for step ${step}.`);
  });
});
