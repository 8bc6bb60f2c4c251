// The keeping of a store: list, pin, export, and freeing within a budget what is neither pinned nor in use.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { newFolder, refusal } from '../fixtures/watch.js';
import { createIngot } from '../ingot.js';
import { kind } from '../kind.js';
import { definePlugin } from '../plugin.js';
import { defineStage } from '../stage.js';
import { exportArtifact, findKey, listArtifacts, pinArtifact, readArtifact } from './admin.js';
import { folderStore } from './folder-store.js';
import { collectGarbage } from './garbage.js';
import { openLease } from './lease.js';
import { address, ARTIFACTS, checkpointSpace } from './store.js';

const Blob = kind<Uint8Array>()('blob', {
  codec: {
    write: async (value, to) => (await to.put('content', value), null),
    read: async (_, from) => from.read('content'),
  },
});
const fill = defineStage({
  name: 'fill',
  version: 1,
  inputs: {},
  outputs: { blob: Blob },
  options: z.strictObject({ byte: z.int(), size: z.int().default(1000) }),
  async *run({ options }) {
    return { blob: new Uint8Array(options.size).fill(options.byte) };
  },
});
const ingot = createIngot({ plugins: [definePlugin({ name: 'fill', stages: [fill] })] });
const filled = async (count: number) => {
  const store = folderStore(newFolder());
  const keys: string[] = [];
  for (let byte = 1; byte <= count; byte++) {
    const pipeline = ingot.pipeline('p', (g) => g.add('fill', {}, { byte }));
    await pipeline.run({ store }).result();
    keys.push((await pipeline.plan({ store }))[0]!.key);
    await new Promise((resolve) => setTimeout(resolve, 3)); // so that no two were used in one millisecond
  }
  return { store, keys };
};

test('lists, finds, reads and exports', async () => {
  const { store, keys } = await filled(2);
  const rows = await listArtifacts(store);
  expect(
    rows.map(({ key, stage, outputs, bytes, pinned, inUse }) => ({ key, stage, outputs, bytes, pinned, inUse })),
  ).toEqual(
    keys.map((key) => ({ key, stage: 'fill', outputs: { blob: 'blob' }, bytes: 1000, pinned: false, inUse: false })),
  );
  expect(await findKey(store, keys[0]!.slice(0, 10))).toBe(keys[0]);
  await refusal('unknown-name', () => findKey(store, 'xyz'));
  await refusal('unknown-name', () => findKey(store, ''));
  expect(await readArtifact(store, keys[1]!, 'blob', Blob)).toEqual(new Uint8Array(1000).fill(2));
  await refusal('unknown-name', () => readArtifact(store, keys[1]!, 'blub', Blob));
  await refusal('bad-kind', () => readArtifact(store, keys[1]!, 'blob', kind<number>()('number')));
  const folder = join(newFolder(), 'out');
  await exportArtifact(store, keys[0]!, folder);
  expect(readFileSync(join(folder, 'blob', 'content'))).toEqual(Buffer.alloc(1000, 1));
  expect(readdirSync(folder).sort()).toEqual(['blob', 'events.ndjson', 'manifest.json']);
  await refusal('bad-input', () => exportArtifact(store, keys[0]!, folder));
});

test('frees the longest unused first, down to the budget, and what it frees runs again', async () => {
  const { store, keys } = await filled(4);
  await ingot
    .pipeline('p', (g) => g.add('fill', {}, { byte: 1 }))
    .run({ store })
    .result(); // used again: now the youngest
  const tried = await collectGarbage(store, { budget: 2000, dryRun: true });
  expect(await listArtifacts(store)).toHaveLength(4);
  const report = await collectGarbage(store, { budget: 2000 });
  expect(report).toEqual({ artifacts: [keys[1], keys[2]], checkpoints: [], freed: 2000, kept: 2000 });
  expect(tried).toEqual(report);
  expect((await listArtifacts(store)).map(({ key }) => key)).toEqual([keys[3], keys[0]]);
  const [row] = await ingot.pipeline('p', (g) => g.add('fill', {}, { byte: 2 })).plan({ store });
  expect(row!.hit).toBe(false);
});

test('never what is pinned or in use', async () => {
  const { store, keys } = await filled(3);
  await pinArtifact(store, keys[0]!);
  const lease = await openLease(store);
  await lease.use([keys[1]!]);
  expect((await collectGarbage(store, { budget: 0 })).artifacts).toEqual([keys[2]]);
  expect((await listArtifacts(store)).map(({ pinned, inUse }) => ({ pinned, inUse }))).toEqual([
    { pinned: true, inUse: false },
    { pinned: false, inUse: true },
  ]);
  await lease.end();
  await pinArtifact(store, keys[0]!, false);
  expect((await collectGarbage(store, { budget: 0 })).artifacts).toEqual([keys[0], keys[1]]);
  expect(await store.blobs(ARTIFACTS)).toEqual([]);
});

test('content that a run has just written is left alone', async () => {
  const { store } = await filled(0);
  const lease = await openLease(store);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const ref = await store.putBlob(ARTIFACTS, new Uint8Array(10));
  expect((await collectGarbage(store, { budget: 0 })).freed).toBe(0);
  await store.blob(ARTIFACTS, ref);
  await lease.end();
  expect((await collectGarbage(store)).freed).toBe(10);
});

test.each([true, false])(
  'what a run saved and was killed before it removed is freed, its record there: %s',
  async (recorded) => {
    const { store, keys } = await filled(2);
    const space = checkpointSpace(keys[0]!);
    const ref = await store.putBlob(space, new Uint8Array(70));
    if (recorded)
      await store.put(address.checkpoint(keys[0]!), {
        meta: null,
        blobs: { state: { ...ref } },
        events: [],
        about: {},
      });
    const tried = await collectGarbage(store, { dryRun: true });
    expect(await store.blobs(space)).toHaveLength(1);
    const lease = await openLease(store);
    await lease.use([keys[0]!]);
    expect((await collectGarbage(store)).freed).toBe(0);
    await lease.end();
    const report = await collectGarbage(store);
    expect(report).toEqual({ artifacts: [], checkpoints: [keys[0]], freed: 70, kept: 2000 });
    expect(tried).toEqual(report);
    expect(await store.blobs(space)).toEqual([]);
    expect(await store.list('checkpoints')).toEqual([]);
  },
);
