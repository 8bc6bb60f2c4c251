// Compiles and links the addon with a given compiler: no node-gyp, no network.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sourceFolder, unitsFor } from './addon-units.js';

/** Runs a command in the folder of the sources: undefined when it succeeds, else what it said. */
const run = (command: readonly string[], args: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const [name = '', ...before] = command;
    const child = spawn(name, [...before, ...args], { cwd: sourceFolder, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : errors || `${name} ended with code ${code}`));
  });

export interface CompileOptions {
  /** The compiler, in words, with what goes before every call's own arguments. */
  readonly command: readonly string[];
  /** The processor that it is for, as `process.arch` names it. */
  readonly arch: string;
  /** Arguments of the link. */
  readonly link: readonly string[];
  /** Arguments of every call, behind its own. */
  readonly more?: readonly string[];
  /** An existing folder for the objects. */
  readonly place: string;
  /** The addon. */
  readonly output: string;
}

/** Compiles two units at a time, then links. Undefined when it succeeds, else the compiler's words. */
export const compileAddon = async ({
  command,
  arch,
  link,
  more = [],
  place,
  output,
}: CompileOptions): Promise<string | undefined> => {
  const headers = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  const units = unitsFor(arch);
  const objectOf = (name: string): string => join(place, `${name}.o`);
  const queue = [...units];
  const faults: (string | undefined)[] = [];
  const worker = async (): Promise<void> => {
    for (let unit = queue.shift(); unit; unit = queue.shift())
      faults.push(
        await run(command, [...unit.flags, ...more, '-I', headers, '-c', unit.source, '-o', objectOf(unit.name)]),
      );
  };
  await Promise.all([worker(), worker()]);
  return (
    faults.find((fault) => fault !== undefined) ??
    run(command, [...units.map(({ name }) => objectOf(name)), ...link, ...more, '-o', output])
  );
};
