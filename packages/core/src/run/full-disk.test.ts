// A disk that fills up at any write of a run: the run fails and says why, finished stages stay whole, and the next run reuses exactly those.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, utimesSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { expect, test, vi } from 'vitest';
import { metric } from '../events.js';
import { collect, newFolder, refusal, said } from '../fixtures/watch.js';
import { Bytes } from '../fixtures/world.js';
import { createIngot } from '../ingot.js';
import { kind } from '../kind.js';
import { definePlugin } from '../plugin.js';
import { defineStage } from '../stage.js';
import { listArtifacts } from '../store/admin.js';
import { folderStore } from '../store/folder-store.js';

/** So many writes succeed; each one after them leaves half of its content and fails. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, writes: 0 }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const spend = () => (disk.writes++, disk.left-- > 0);
  const open = async (...given: Parameters<typeof real.open>): Promise<FileHandle> => {
    const file = await real.open(...given);
    const write = file.writeFile.bind(file);
    return Object.assign(file, {
      writeFile: async (content: Uint8Array) => {
        if (spend()) return write(content);
        await write(content.subarray(0, content.length >> 1));
        throw full();
      },
    });
  };
  const writeFile: typeof real.writeFile = async (path, content, options) => {
    if (spend()) return real.writeFile(path, content, options);
    await real.writeFile(path, '', options);
    throw full();
  };
  return { ...real, open, writeFile };
});

const Letters = kind<string>()('letters');
const world = () => {
  const steps: number[] = [];
  const source = defineStage({
    name: 'source',
    version: 1,
    inputs: {},
    outputs: { letters: Letters },
    options: z.strictObject({}),
    async *run() {
      yield metric(1, { letters: 3 });
      return { letters: 'abc' };
    },
  });
  const train = defineStage({
    name: 'train',
    version: 1,
    inputs: { letters: Letters },
    outputs: { bytes: Bytes },
    options: z.strictObject({}),
    async *run({ inputs, checkpoint }) {
      const saved = await checkpoint.load();
      const content = saved ? await saved.blob('content') : new Uint8Array(5000).fill(inputs.letters.length);
      for (let step = ((saved?.meta ?? 0) as number) + 1; step <= 3; step++) {
        steps.push(step);
        content.forEach((value, i) => (content[i] = value * 5 + step + i));
        yield metric(step, { first: content[0]! });
        await checkpoint.save(step, { content: content.slice() });
      }
      return { bytes: { bytes: content.length, read: () => content } };
    },
  });
  const digest = defineStage({
    name: 'digest',
    version: 1,
    inputs: { bytes: Bytes },
    outputs: { letters: Letters },
    options: z.strictObject({}),
    async *run({ inputs }) {
      return { letters: createHash('sha256').update(inputs.bytes.read()).digest('hex') };
    },
  });
  const ingot = createIngot({ plugins: [definePlugin({ name: 'disk', stages: [source, train, digest] })] });
  const pipeline = ingot.pipeline('p', (g) => g.add('digest', g.add('train', g.add('source', {}))));
  return { steps, run: (path: string) => pipeline.run({ store: folderStore(path) }) };
};

const filesIn = (path: string, folder: string) =>
  existsSync(join(path, folder)) ? readdirSync(join(path, folder), { recursive: true, encoding: 'utf8' }).sort() : [];
const stagesIn = async (path: string) => (await listArtifacts(folderStore(path))).map(({ stage }) => stage).sort();
/** Every content is whole: its name is its hash. Records are read by `listArtifacts`, which refuses a half one. */
const expectWhole = (path: string) => {
  for (const file of filesIn(path, 'blobs').filter((name) => basename(name).length === 64))
    expect(
      createHash('sha256')
        .update(readFileSync(join(path, 'blobs', file)))
        .digest('hex'),
    ).toBe(basename(file));
};

test('at whichever write the disk fills up', async () => {
  const undisturbed = newFolder();
  const first = world();
  const wanted = await first.run(undisturbed).result();
  const writes = disk.writes;
  expect(first.steps).toEqual([1, 2, 3]);
  expect(writes).toBeGreaterThan(20);

  const keptAt: string[][] = [];
  const repeated: number[] = [];
  for (let left = 0; left < writes; left++) {
    const path = newFolder();
    const { steps, run } = world();
    disk.left = left;
    const failed = run(path);
    const error = await refusal('disk-full', () => failed.result());
    expect(error.message).toMatch(/no space is left there.*ENOSPC.*What was whole before is still whole/);
    expect((await collect(failed)).at(-1)).toMatchObject({ type: 'run-end', ending: 'failed', why: error.message });
    const kept = await stagesIn(path);
    expectWhole(path);
    expect(filesIn(path, 'temporary')).toEqual([]);
    keptAt.push(kept);

    disk.left = Number.POSITIVE_INFINITY;
    const cut = steps.length;
    // a lock that was cut is broken after two seconds: they are not waited for here
    for (const lock of filesIn(path, 'locks')) utimesSync(join(path, 'locks', lock), 0, 0);
    const next = run(path);
    expect(await next.result()).toEqual(wanted);
    expect(said(await collect(next), 'stage-cached').sort()).toEqual(kept);
    // no step that was saved is done again: at most the one whose saving failed
    repeated.push(steps.length - 3);
    if (cut > 0) expect(steps[cut] ?? 4).toBeGreaterThanOrEqual(cut);
    expectWhole(path);
    expect(filesIn(path, 'blobs')).toEqual(filesIn(undisturbed, 'blobs'));
    expect(filesIn(path, 'artifacts')).toEqual(filesIn(undisturbed, 'artifacts'));
    expect([...filesIn(path, 'temporary'), ...filesIn(path, 'locks')]).toEqual([]);
  }
  // the moments were what they should be: with nothing, one, two and all three stages kept, between steps and inside them
  expect(new Set(keptAt.map((kept) => kept.length))).toEqual(new Set([0, 1, 2, 3]));
  expect(new Set(repeated)).toEqual(new Set([0, 1]));
});
