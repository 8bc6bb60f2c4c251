// What the addon is compiled from: the kernels once for each instruction set, every other source once.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from './places.js';

/** The folder of the C++ sources. */
export const sourceFolder = join(packageFolder, 'native');

/** One object file. */
export interface Unit {
  readonly name: string;
  readonly source: string;
  readonly flags: readonly string[];
}

/** Flags of every unit. */
const COMMON = [
  '-O3',
  '-std=c++17',
  '-fPIC',
  '-fvisibility=hidden',
  '-ffp-contract=fast',
  '-fno-math-errno',
  '-Wno-psabi',
];
const SETS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  x64: {
    base: [],
    avx2: ['-mavx2', '-mfma'],
    avx512: ['-mavx512f', '-mavx512vl', '-mfma', '-mprefer-vector-width=512'],
  },
};
const KERNELS = 'kernels.cpp';
/** Sources that are not the addon's. */
const OTHERS = ['wasm.cpp'];

/** The units for a processor (`process.arch`); NEON is part of every 64-bit ARM, so that its base set has it. */
export const unitsFor = (arch: string): readonly Unit[] => {
  const sources = readdirSync(sourceFolder).filter((file) => file.endsWith('.cpp') && !OTHERS.includes(file));
  const more = arch === 'x64' ? ['-DINGOT_X86'] : [];
  return sources.toSorted().flatMap((source): Unit[] => {
    if (source !== KERNELS) return [{ name: source.replace('.cpp', ''), source, flags: [...COMMON, ...more] }];
    return Object.entries(SETS[arch] ?? { base: [] }).map(([set, flags]) => ({
      name: `kernels-${set}`,
      source,
      flags: [...COMMON, ...more, ...flags, `-DINGOT_SET=${set}`],
    }));
  });
};
