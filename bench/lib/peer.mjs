// Peers in Python, where one is there: INGOT_PYTHON names an interpreter that has them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/lib/run.mjs';

const python = process.env.INGOT_PYTHON ?? 'python3';

/** What a script of bench/peers prints, parsed; undefined with a word when the peer cannot run. */
export const peer = (script, args) => {
  const { status, stdout, stderr } = spawnSync(python, [join(root, 'bench', 'peers', script), ...args.map(String)], {
    encoding: 'utf8',
  });
  if (status === 0) return JSON.parse(stdout);
  return {
    missing: `${script} did not run with ${python}: ${(stderr ?? '').trim().split('\n').at(-1)}. Set INGOT_PYTHON to an interpreter that has the peer.`,
  };
};
