// The contract of a store, on both; then what only a folder promises.
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newFolder, refusal } from '../fixtures/watch.js';
import { folderStore } from './folder-store.js';
import { memoryStore } from './memory-store.js';
import { isGone, lockFile, thisProcess } from './process-lock.js';
import { ARTIFACTS } from './store.js';

const stores = { memory: () => memoryStore(), folder: () => folderStore(newFolder()) };
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

describe.each(Object.entries(stores))('a store in %s', (_, newStore) => {
  test('keeps records by address, replaces them, lists and removes them', async () => {
    const store = newStore();
    expect(await store.get('a/one')).toBeUndefined();
    await store.put('a/one', { n: 1 });
    await store.put('a/one', { n: 2 });
    await store.put('a/deep/two', [null, 'x']);
    await store.put('b/three', 3);
    expect(await store.get('a/one')).toEqual({ n: 2 });
    expect(await store.list('a')).toEqual(['a/deep/two', 'a/one']);
    await store.remove('a/one');
    await store.remove('a/one');
    expect(await store.list('a')).toEqual(['a/deep/two']);
  });

  test('keeps content by digest, streamed in and read by slices', async () => {
    const store = newStore();
    const pieces = async function* () {
      yield bytes('he');
      yield bytes('llo');
    };
    const ref = await store.putBlob(ARTIFACTS, pieces());
    expect(ref).toEqual({ digest: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', bytes: 5 });
    expect(await store.putBlob(ARTIFACTS, bytes('hello'))).toEqual(ref);
    const blob = await store.blob(ARTIFACTS, ref);
    expect(Buffer.from(await blob.read(1, 3)).toString()).toBe('ell');
    expect(Buffer.from(blob.readSync(3, 2)).toString()).toBe('lo');
    const into = Buffer.from('......');
    await blob.readInto?.(1, into.subarray(2, 5));
    if (blob.readInto) expect(into.toString()).toBe('..ell.');
    const streamed: Uint8Array[] = [];
    for await (const piece of blob.stream()) streamed.push(piece);
    expect(Buffer.concat(streamed).toString()).toBe('hello');
    expect((await store.blobs(ARTIFACTS)).map(({ digest }) => digest)).toEqual([ref.digest]);
    await refusal('bad-store', () => store.blob('checkpoint-x', ref));
    await store.removeBlob(ARTIFACTS, ref.digest);
    await refusal('bad-store', () => store.blob(ARTIFACTS, ref));
  });

  test('content whose source fails is not there at all', async () => {
    const store = newStore();
    const broken = async function* () {
      yield bytes('half');
      throw new Error('the source is gone');
    };
    await expect(store.putBlob(ARTIFACTS, broken())).rejects.toThrow('the source is gone');
    expect(await store.blobs(ARTIFACTS)).toEqual([]);
  });

  test('a lock is held by one, waited for in the open, and a wait can be aborted', async () => {
    const store = newStore();
    const free = await store.lock('artifact-a');
    const other = await store.lock('artifact-b');
    const holders: string[] = [];
    let second = false;
    const waiting = store
      .lock('artifact-a', { onWait: (holder) => holders.push(holder) })
      .then((release) => ((second = true), release));
    await expect(store.lock('artifact-a', { signal: AbortSignal.timeout(40) })).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect([second, holders]).toEqual([false, ['another run of this process']]);
    await free();
    await (
      await waiting
    )();
    await other();
    await (
      await store.lock('artifact-a')
    )();
  });
});

describe('a folder', () => {
  test('written by a newer Ingot is refused, and nothing is changed', async () => {
    const path = newFolder();
    const header = '{"format":99,"more":true}';
    writeFileSync(join(path, 'store.json'), header);
    for (const work of [
      () => folderStore(path).open(),
      () => folderStore(path).get('a/b'),
      () => folderStore(path).putBlob(ARTIFACTS, bytes('x')),
    ]) {
      const error = await refusal('newer-store', work);
      expect(error.message).toContain('was written by a newer Ingot (format 99, and this one knows 1)');
    }
    expect(readFileSync(join(path, 'store.json'), 'utf8')).toBe(header);
    expect(readdirSync(path)).toEqual(['store.json']);
  });

  test('with a header or a record that cannot be read says which', async () => {
    const path = newFolder();
    writeFileSync(join(path, 'store.json'), 'not json');
    expect((await refusal('bad-store', () => folderStore(path).open())).message).toContain(
      'store.json is not well formed',
    );
    const other = newFolder();
    await folderStore(other).put('artifacts/x', {});
    writeFileSync(join(other, 'artifacts', 'x.json'), '{"half":');
    expect((await refusal('bad-store', () => folderStore(other).get('artifacts/x'))).message).toContain(
      "'artifacts/x'",
    );
  });

  test('below a file cannot be written', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, 'a file');
    const error = await refusal('not-writable', () => folderStore(join(file, 'store')).open());
    expect(error.message).toContain('cannot be written');
    expect(readFileSync(file, 'utf8')).toBe('a file');
  });

  test.skipIf(process.getuid?.() === 0)(
    'that may not be written (not for root, who may write everywhere)',
    async () => {
      const path = newFolder();
      chmodSync(path, 0o500);
      await refusal('not-writable', () => folderStore(join(path, 'store')).open());
    },
  );

  test('on a full disk (a file-size limit) refuses, loses nothing, and leaves no half', () => {
    const path = newFolder();
    const script = fileURLToPath(new URL('../fixtures/fill.mjs', import.meta.url));
    const limited = spawnSync('bash', ['-c', `ulimit -f 64; exec "${process.execPath}" "${script}" "${path}"`], {
      encoding: 'utf8',
    });
    expect(limited.stderr).toBe('');
    expect(JSON.parse(limited.stdout)).toMatchObject({ small: 'kept', large: 'disk-full', after: 'kept' });
    expect(readdirSync(join(path, 'temporary'))).toEqual([]);
  });
});

describe('a lock file', () => {
  test('of a dead process, of a recycled number or half-written is broken at once or soon', async () => {
    const path = join(newFolder(), 'a.lock');
    const dead = spawnSync(process.execPath, ['-e', '0']).pid;
    for (const holder of [
      { ...thisProcess(), pid: dead },
      { ...thisProcess(), born: '1' },
    ]) {
      writeFileSync(path, JSON.stringify(holder));
      const began = performance.now();
      await (
        await lockFile(path)
      )();
      expect(performance.now() - began).toBeLessThan(500);
    }
    writeFileSync(path, '{"id":');
    await (
      await lockFile(path)
    )();
    expect(existsSync(path)).toBe(false);
  });
  test('of a live process is respected however long it is silent; of another host by its heartbeat', () => {
    expect(isGone(thisProcess(), 1e9)).toBe(false);
    expect(isGone({ ...thisProcess(), host: 'elsewhere' }, 1_000)).toBe(false);
    expect(isGone({ ...thisProcess(), host: 'elsewhere' }, 61_000)).toBe(true);
  });
  test('many contenders for a dead holder’s lock: never two at once', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'a.lock');
    writeFileSync(path, JSON.stringify({ ...thisProcess(), born: '1' }));
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const free = await lockFile(path);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 2));
        inside--;
        await free();
      }),
    );
    expect(most).toBe(1);
  });
});
