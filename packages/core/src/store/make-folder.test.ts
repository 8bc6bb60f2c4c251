// Folders with their parents, and the refusal where Node's own recursive mkdir would loop for ever.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderStore } from './folder-store.js';
import { makeFolder } from './make-folder.js';

const place = mkdtempSync(join(tmpdir(), 'ingot-folder-'));

it('makes what is missing, once or many times at once', async () => {
  const deep = join(place, 'a', 'b', 'c');
  await Promise.all(Array.from({ length: 8 }, () => makeFolder(deep)));
  await makeFolder(deep);
  expect(existsSync(deep)).toBe(true);
});
it('refuses a path below a file', async () => {
  writeFileSync(join(place, 'file'), '');
  await expect(makeFolder(join(place, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});
it.runIf(existsSync('/proc/self'))('a store below /proc is refused in words, not waited for', async () => {
  await expect(folderStore('/proc/ingot').open()).rejects.toMatchObject({ code: 'not-writable' });
});
