// Builds the addon from its C++ sources: one object per instruction set, no node-gyp, no network; again only when something changed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCompiler, type Compiler } from './compiler.js';
import { platform } from './load-addon.js';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const sources = join(packageFolder, 'native');
const buildFolder = join(packageFolder, 'build');

export type BuildResult =
  | { readonly state: 'built' | 'current'; readonly path: string; readonly seconds: number }
  | { readonly state: 'no-compiler' | 'failed'; readonly why: string };

interface Unit {
  readonly name: string;
  readonly source: string;
  readonly flags: readonly string[];
}
const COMMON = [
  '-O3',
  '-std=c++17',
  '-fPIC',
  '-fvisibility=hidden',
  '-ffp-contract=fast',
  '-fno-math-errno',
  '-Wno-psabi',
];
const set = (name: string, flags: readonly string[]): Unit => ({
  name,
  source: 'kernels.cpp',
  flags: [...flags, `-DINGOT_SET=${name}`],
});
const SETS: Readonly<Record<string, readonly Unit[]>> = {
  x64: [
    set('base', []),
    set('avx2', ['-mavx2', '-mfma']),
    set('avx512', ['-mavx512f', '-mavx512vl', '-mfma', '-mprefer-vector-width=512']),
  ],
};
const unitsFor = (arch: string): readonly Unit[] => [
  ...(SETS[arch] ?? [set('base', [])]),
  { name: 'pool', source: 'pool.cpp', flags: [] },
  { name: 'memory', source: 'memory.cpp', flags: [] },
  { name: 'arena', source: 'arena.cpp', flags: [] },
  { name: 'heap', source: 'heap.cpp', flags: [] },
  { name: 'addon', source: 'addon.cpp', flags: arch === 'x64' ? ['-DINGOT_X86'] : [] },
];

const run = (command: string, args: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : errors || `${command} ended with code ${code}`));
  });

/** Changes when a source, a flag or the compiler changes. */
const stampOf = (compiler: Compiler): string => {
  const hash = createHash('sha256').update(JSON.stringify([compiler, COMMON, unitsFor(process.arch)]));
  for (const file of readdirSync(sources).sort()) hash.update(file).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
};

/**
 * Builds the addon for this machine into the package's `build` folder, atomically. Never throws for a missing compiler or a failed
 * build: the caller says so in one line and goes on with the next device.
 */
export const buildAddon = async (): Promise<BuildResult> => {
  const began = performance.now();
  const compiler = findCompiler();
  if (!compiler) return { state: 'no-compiler', why: 'no C++17 compiler was found (c++, g++, clang++, or CXX)' };
  const path = join(buildFolder, `ingot-${platform}.node`);
  const stampFile = join(buildFolder, `ingot-${platform}.stamp`);
  const stamp = stampOf(compiler);
  if (existsSync(path) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
    return { state: 'current', path, seconds: 0 };

  mkdirSync(buildFolder, { recursive: true });
  const place = mkdtempSync(join(buildFolder, 'objects-'));
  try {
    const headers = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
    const units = unitsFor(process.arch);
    const faults: (string | undefined)[] = [];
    const queue = [...units];
    const worker = async (): Promise<void> => {
      for (let unit = queue.shift(); unit; unit = queue.shift())
        faults.push(
          await run(compiler.command, [
            ...COMMON,
            ...unit.flags,
            '-I',
            headers,
            '-c',
            join(sources, unit.source),
            '-o',
            join(place, `${unit.name}.o`),
          ]),
        );
    };
    await Promise.all([worker(), worker()]);
    const output = join(place, 'ingot.node');
    const link = process.platform === 'darwin' ? ['-shared', '-undefined', 'dynamic_lookup'] : ['-shared', '-lpthread'];
    const fault =
      faults.find((f) => f !== undefined) ??
      (await run(compiler.command, [...units.map(({ name }) => join(place, `${name}.o`)), ...link, '-o', output]));
    if (fault !== undefined)
      return {
        state: 'failed',
        why: `${compiler.version} could not build it: ${fault.split('\n').slice(0, 5).join(' | ')}`,
      };
    renameSync(output, path);
    writeFileSync(stampFile, stamp);
    return { state: 'built', path, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};
