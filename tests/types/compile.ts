// Runs a TypeScript compiler on one generated file with the settings of the wirings, and gives what it said.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** The repository's root. */
export const root = resolve(here, '..', '..');
/** The two compilers that the types are checked with. */
export const COMPILERS = { 'TypeScript 7': 'typescript', 'TypeScript 6': 'typescript6' } as const;
export type CompilerName = keyof typeof COMPILERS;

/** Compiles `code` as one file beside the wirings (in a folder that is removed again); gives the compiler's output. */
export const compile = (name: string, code: string, compiler: CompilerName, flags: readonly string[] = []): string => {
  const folder = join(root, 'node_modules', '.cache', `ingot-types-${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const settings = JSON.parse(readFileSync(join(here, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: { paths: Record<string, string[]> };
    };
    const paths = Object.fromEntries(
      Object.entries(settings.compilerOptions.paths).map(([from, to]) => [from, to.map((path) => resolve(here, path))]),
    );
    writeFileSync(join(folder, 'it.ts'), code);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(here, 'tsconfig.json'), compilerOptions: { paths }, files: ['it.ts'] }),
    );
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules', COMPILERS[compiler], 'bin', 'tsc'), '-p', folder, '--pretty', 'false', ...flags],
      { encoding: 'utf8', timeout: 300_000, cwd: folder },
    );
    return `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
