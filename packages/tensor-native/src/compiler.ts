// Finding a C++17 compiler: CXX where it is set, else the usual names.
import { spawnSync } from 'node:child_process';

export interface Compiler {
  readonly command: string;
  /** Its first line of --version. */
  readonly version: string;
}

/** The first compiler that answers, or undefined. */
export const findCompiler = (
  candidates: readonly string[] = [process.env['CXX'] ?? '', 'c++', 'g++', 'clang++'].filter(Boolean),
): Compiler | undefined => {
  for (const command of candidates) {
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.split('\n')[0]!.trim() };
  }
  return undefined;
};
