// The WebAssembly modules that are checked in come from the sources beside them, and are small.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWasm, MOST_BYTES, wasmFolder, wasmStamp } from '../build-wasm.mjs';
import { findZig, ZIG } from '../lib/zig.mjs';

const NAMES = ['ingot-relaxed.wasm', 'ingot-simd128.wasm'];
const AGAIN = 'npm run build:wasm';

/** Faults: modules of other sources, of other bytes than the pinned compiler gives (where it is here), or too large. */
export const check = () => {
  const stampFile = join(wasmFolder, 'sources.sha256');
  const missing = [...NAMES.map((name) => join(wasmFolder, name)), stampFile].filter((path) => !existsSync(path));
  if (missing.length > 0) return missing.map((path) => `${path} is missing: ${AGAIN}.`);
  const faults = [];
  const bytes = NAMES.reduce((sum, name) => sum + statSync(join(wasmFolder, name)).size, 0);
  if (bytes > MOST_BYTES) faults.push(`the modules weigh ${bytes} bytes together, at most ${MOST_BYTES} are wanted.`);
  if (readFileSync(stampFile, 'utf8').trim() !== wasmStamp())
    faults.push(`the modules were built from other sources, flags or another compiler than are here: ${AGAIN}.`);
  const zig = findZig();
  if (!zig) {
    console.log(`    not rebuilt: Zig ${ZIG} is not here (PyPI's ziglang); the digest of the sources was compared`);
    return faults;
  }
  const place = mkdtempSync(join(tmpdir(), 'ingot-wasm-check-'));
  try {
    buildWasm(zig, place);
    for (const name of NAMES)
      if (!readFileSync(join(place, name)).equals(readFileSync(join(wasmFolder, name))))
        faults.push(`${name} is not what the sources give: ${AGAIN}.`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  return faults;
};
