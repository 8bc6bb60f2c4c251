// `changeset version` runs on a copy of the workspace and moves a version.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, proof, root, run } from '../lib/proof.mjs';
import { everyPackage } from '../lib/tarballs.mjs';

/** Bumps core by a minor change; its peers' dependents do not jump to a major. */
export const proveChangesets = () => {
  proof('changeset version runs on a copy', () => {
    const folder = project('changesets');
    for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset'])
      if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file), { recursive: true });
    for (const { folder: at } of everyPackage()) {
      mkdirSync(join(folder, at), { recursive: true });
      cpSync(join(root, at, 'package.json'), join(folder, at, 'package.json'));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, '.changeset', 'a-proof.md'), "---\n'@ingot/core': patch\n---\n\nA proof.\n");
    const versionOf = (at) => JSON.parse(readFileSync(join(folder, at, 'package.json'), 'utf8')).version;
    const before = Object.fromEntries(everyPackage().map(({ folder: at, manifest }) => [manifest.name, versionOf(at)]));
    run(join(root, 'node_modules', '.bin', 'changeset'), ['version'], folder);
    const moved = everyPackage()
      .map(({ folder: at, manifest }) => [manifest.name, before[manifest.name], versionOf(at)])
      .filter(([, was, is]) => was !== is);
    if (!moved.some(([name]) => name === '@ingot/core')) throw new Error(`core did not move: ${JSON.stringify(moved)}`);
    const jumped = moved.filter(([, was, is]) => was.split('.')[0] !== is.split('.')[0]);
    if (jumped.length) throw new Error(`these jumped to another major: ${JSON.stringify(jumped)}`);
    return moved.map(([name, was, is]) => `${name} ${was} → ${is}`).join(', ');
  });
};
