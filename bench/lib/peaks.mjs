// The best GEMM that each peer ever reached on this machine: a run during which the peer was far from it is noise, and does not count.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/lib/run.mjs';
import { machine } from './machine.mjs';

const file = join(root, 'bench', '.peaks.json');
/** How near to its peak the peer's GEMM must be, before and after. */
export const NEAR = 0.85;

const read = () => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

/** GFLOP/s of the peer's best GEMM here, this measurement included, which is recorded. */
export const recordPeak = (peer, ...measured) => {
  const peaks = read();
  const key = `${machine()}, ${peer}`;
  const best = Math.max(peaks[key] ?? 0, ...measured);
  if (best !== peaks[key]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ ...peaks, [key]: best }, undefined, 2)}\n`);
  }
  return best;
};
