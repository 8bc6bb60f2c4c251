// `npm run build:wasm`: builds the two WebAssembly modules that are checked in, with the pinned Zig (PyPI's ziglang), from the sources of the addon.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, copyFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { findZig, ZIG } from './lib/zig.mjs';
import { root } from './lib/run.mjs';

const sources = join(root, 'packages', 'tensor-native', 'native');
/** Where the modules lie. */
export const wasmFolder = join(root, 'packages', 'tensor-native', 'wasm');
/** What both modules may weigh together. */
export const MOST_BYTES = 300_000;

const UNITS = ['kernels.cpp', 'memory.cpp', 'arena.cpp', 'heap.cpp', 'pool.cpp', 'wasm.cpp'];
const BUILDS = { relaxed: '+relaxed_simd', simd128: '' };
const FEATURES = 'generic+simd128+bulk_memory+atomics+mutable_globals+nontrapping_fptoint+sign_ext';
const FLAGS = [
  '-O3',
  '-std=c++17',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-threadsafe-statics',
  '-ffp-contract=fast',
  '-fno-math-errno',
  '-fvisibility=hidden',
  '-mexec-model=reactor',
  '-DINGOT_SET=base',
  '-Wl,--import-memory',
  '-Wl,--shared-memory',
  '-Wl,--max-memory=4294901760',
  '-Wl,--export=__stack_pointer',
  '-Wl,--export=__wasm_init_tls',
  '-Wl,--export=__tls_size',
  '-Wl,-z,stack-size=1048576',
  '-Wl,--strip-all',
];

/** Changes with a source, a flag or the compiler: the modules carry it beside them. */
export const wasmStamp = () => {
  const hash = createHash('sha256').update(JSON.stringify([ZIG, UNITS, BUILDS, FEATURES, FLAGS]));
  const used = readdirSync(sources).filter((file) => file.endsWith('.h') || UNITS.includes(file));
  for (const file of used.sort()) hash.update(file).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
};

/** Builds both modules into a folder. Throws an Error with the compiler's words. */
export const buildWasm = (zig, into) => {
  for (const [name, feature] of Object.entries(BUILDS)) {
    const place = mkdtempSync(join(tmpdir(), 'ingot-wasm-'));
    try {
      const [command, ...before] = zig;
      const args = ['c++', '-target', 'wasm32-wasi', `-mcpu=${FEATURES}${feature}`, ...FLAGS];
      // Relative names, so that nothing of this machine can enter the module.
      const { status, stderr } = spawnSync(command, [...before, ...args, '-o', join(place, 'm.wasm'), ...UNITS], {
        cwd: sources,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${name}: ${stderr}`);
      copyFileSync(join(place, 'm.wasm'), join(into, `ingot-${name}.wasm`));
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const zig = findZig();
  if (!zig) {
    console.error(
      `Building the WebAssembly modules wants Zig ${ZIG}: pip install ziglang==${ZIG}, then set INGOT_PYTHON to that Python.`,
    );
    process.exit(2);
  }
  buildWasm(zig, wasmFolder);
  writeFileSync(join(wasmFolder, 'sources.sha256'), `${wasmStamp()}\n`);
  for (const name of Object.keys(BUILDS))
    console.log(`ingot-${name}.wasm: ${statSync(join(wasmFolder, `ingot-${name}.wasm`)).size} bytes`);
}
