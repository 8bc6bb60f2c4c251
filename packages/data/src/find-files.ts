// Which files a source means: a file, a folder, or a folder inside an npm package.
import { existsSync, realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { inputError } from './input-error.js';

export interface FileSource {
  readonly path?: string | undefined;
  readonly package?: string | undefined;
  readonly files: readonly string[];
  readonly exclude: readonly string[];
}

/** chapter_2 before chapter_10, the same on every machine. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

/**
 * The files of a source, in the order of their names with numbers read as numbers.
 * Throws 'bad-input' when nothing is there, when a folder has no file that matches, or when neither a path nor a package is given.
 */
export const findFiles = async (source: FileSource): Promise<string[]> => {
  const place = placeOf(source);
  const found = await stat(place).catch(() => undefined);
  if (!found)
    throw inputError(
      place,
      'a file or a folder',
      'nothing there',
      'Check the path: a relative one starts at the working folder.',
    );
  if (found.isFile()) return [place];
  const files = await glob([...source.files], {
    cwd: place,
    ignore: [...source.exclude],
    absolute: true,
    onlyFiles: true,
  });
  if (files.length === 0)
    throw inputError(
      place,
      `files that match ${source.files.join(', ')}`,
      'a folder without any',
      "Set 'files' to patterns that match, such as ['**/*.txt'].",
    );
  return files.toSorted(byName);
};

/** The file or folder that a source means, there or not. Throws 'bad-input' for a package that is not installed, and for neither a path nor a package. */
export const placeOf = ({ path, package: name }: FileSource): string => {
  if (name !== undefined) return join(packageFolder(name), path ?? '.');
  if (path === undefined || path === '')
    throw inputError('The source', "'path' or 'package'", 'neither', "Say where it is, such as { path: 'book.txt' }.");
  return resolve(path);
};

/** The folder of an installed package, looked for from the working folder, then from the program that runs, wherever its link points. */
const packageFolder = (name: string): string => {
  const program = process.argv[1];
  const bases = [
    join(process.cwd(), 'here.js'),
    ...(program && existsSync(program) ? [program, realpathSync(program)] : []),
  ];
  const folders = bases
    .flatMap((base) => createRequire(base).resolve.paths(name) ?? [])
    .map((folder) => join(folder, name));
  const found = folders.find((folder) => existsSync(join(folder, 'package.json')));
  if (!found)
    throw inputError(
      `Package '${name}'`,
      'an installed npm package',
      'none of that name',
      `Install it: npm install ${name}`,
    );
  return realpathSync(found);
};
