// Builds the addon for this machine with its own compiler; again only when something changed.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { sourceFolder, unitsFor } from './addon-units.js';
import { compileAddon } from './compile-addon.js';
import { findCompiler, type Compiler } from './compiler.js';
import { buildFolders, builtName } from './places.js';

export type BuildResult =
  | {
      readonly state: 'built' | 'current';
      readonly path: string;
      readonly seconds: number;
      /** The compiler, by the first line of its --version. */
      readonly compiler: string;
    }
  | { readonly state: 'no-compiler' | 'failed'; readonly why: string };

const LINK = process.platform === 'darwin' ? ['-shared', '-undefined', 'dynamic_lookup'] : ['-shared', '-lpthread'];

/** Changes when a source, a flag or the compiler changes. */
const stampOf = (compiler: Compiler): string => {
  const hash = createHash('sha256').update(JSON.stringify([compiler, LINK, unitsFor(process.arch)]));
  for (const file of readdirSync(sourceFolder).sort()) hash.update(file).update(readFileSync(join(sourceFolder, file)));
  return hash.digest('hex');
};

/** A new folder for objects in the first folder that can be written; the reason when none can. */
const openPlace = (folders: readonly string[]): { readonly folder: string; readonly place: string } | string => {
  let why = '';
  for (const folder of folders)
    try {
      mkdirSync(folder, { recursive: true });
      return { folder, place: mkdtempSync(join(folder, 'objects-')) };
    } catch (error) {
      why = `no folder can be written: ${(error as Error).message}`;
    }
  return why;
};

/**
 * Builds the addon into the package's `build` folder, or where that cannot be written into the user's cache (`XDG_CACHE_HOME`, else the
 * system's), atomically; `anew` also where nothing changed. Never throws for a missing compiler or a failed build: the caller says so in one line and goes on with the next device.
 */
export const buildAddon = async ({ anew = false }: { readonly anew?: boolean } = {}): Promise<BuildResult> => {
  const began = performance.now();
  const compiler = findCompiler();
  if (!compiler) return { state: 'no-compiler', why: 'no C++17 compiler was found (c++, g++, clang++, or CXX)' };
  const stamp = stampOf(compiler);
  const stampOfFolder = (folder: string): string => join(folder, builtName().replace('.node', '.stamp'));
  for (const folder of buildFolders()) {
    const path = join(folder, builtName());
    const stampFile = stampOfFolder(folder);
    if (!anew && existsSync(path) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
      return { state: 'current', path, seconds: 0, compiler: compiler.version };
  }

  const opened = openPlace(buildFolders());
  if (typeof opened === 'string') return { state: 'failed', why: opened };
  const { folder, place } = opened;
  try {
    const output = join(place, 'ingot.node');
    const command = [compiler.command];
    const fault = await compileAddon({ command, arch: process.arch, link: LINK, place, output });
    if (fault !== undefined)
      return {
        state: 'failed',
        why: `${compiler.version} could not build it: ${fault.split('\n').slice(0, 5).join(' | ')}`,
      };
    const path = join(folder, builtName());
    renameSync(output, path);
    writeFileSync(stampOfFolder(folder), stamp);
    return { state: 'built', path, seconds: (performance.now() - began) / 1000, compiler: compiler.version };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};
