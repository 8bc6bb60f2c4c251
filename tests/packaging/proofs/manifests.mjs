// Tarballs as publint and @arethetypeswrong/cli see them, and the peers of plugins.
import { join } from 'node:path';
import { proof, root, run } from '../lib/proof.mjs';
import { everyPackage } from '../lib/tarballs.mjs';

const PEERS = ['@ingot/core', '@ingot/tensor', '@ingot/contracts'];
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** publint and attw on each tarball; core, tensor and contracts are never plain dependencies of a plugin. */
export const proveManifests = (tarballs) => {
  for (const [name, tarball] of tarballs) {
    proof(`publint ${name}`, () => void run(bin('publint'), ['run', tarball, '--strict'], root));
    proof(`attw ${name}`, () => void run(bin('attw'), [tarball, '--profile', 'esm-only'], root));
  }
  proof('core, tensor and contracts are peers of every plugin', () => {
    const plugins = everyPackage().filter(({ manifest }) => manifest.name !== 'ingot');
    const wrong = plugins.flatMap(({ manifest }) =>
      PEERS.filter((peer) => manifest.dependencies?.[peer]).map((peer) => `${manifest.name} depends on ${peer}`),
    );
    if (wrong.length) throw new Error(wrong.join('\n'));
    return `${plugins.length} packages`;
  });
};
