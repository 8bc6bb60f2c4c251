// Peers in Python, where one is there: INGOT_PYTHON names an interpreter that has them, INGOT_TRL_PYTHON one that has TRL and PEFT besides.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/lib/run.mjs';

const runner = (variable) => (script, args) => {
  const python = process.env[variable] ?? 'python3';
  const { status, stdout, stderr } = spawnSync(python, [join(root, 'bench', 'peers', script), ...args.map(String)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status === 0) return JSON.parse(stdout);
  return {
    missing: `${script} did not run with ${python}: ${(stderr ?? '').trim().split('\n').at(-1)}. Set ${variable} to an interpreter that has the peer.`,
  };
};

/** What a script of bench/peers prints, parsed; undefined with a word when the peer cannot run. */
export const peer = runner('INGOT_PYTHON');
/** The same of the peers that want TRL. */
export const trlPeer = runner('INGOT_TRL_PYTHON');
