// Packs every public package once, as it would be published, and knows which tarballs a package needs.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packages } from '../../../scripts/lib/packages.mjs';
import { PNPM } from '../../../scripts/lib/setup.mjs';
import { root, run } from './proof.mjs';

const publicPackages = packages().filter(({ manifest }) => !manifest.private);
const byName = new Map(publicPackages.map((one) => [one.manifest.name, one]));

/** Packs them all, or those of these names; gives name -> path of the tarball. */
export const packAll = (names = [...byName.keys()]) => {
  const place = mkdtempSync(join(tmpdir(), 'ingot-tarballs-'));
  const tarballs = new Map();
  for (const { folder, manifest } of publicPackages.filter((one) => names.includes(one.manifest.name))) {
    const before = new Set(readdirSync(place));
    run('npx', ['--yes', PNPM, 'pack', '--pack-destination', place], join(root, folder));
    tarballs.set(
      manifest.name,
      join(
        place,
        readdirSync(place).find((file) => !before.has(file)),
      ),
    );
  }
  return tarballs;
};

/** The package and every package of ours that it needs, dependencies and peers, as `file:` dependencies for a project. */
export const needs = (names, tarballs) => {
  const wanted = new Set();
  const visit = (name) => {
    const one = byName.get(name);
    if (!one || wanted.has(name)) return;
    wanted.add(name);
    const optional = one.manifest.peerDependenciesMeta ?? {};
    for (const other of Object.keys({ ...one.manifest.dependencies, ...one.manifest.peerDependencies }))
      if (!optional[other]?.optional) visit(other);
  };
  names.forEach(visit);
  return Object.fromEntries([...wanted].map((name) => [name, `file:${tarballs.get(name)}`]));
};

/** Every public package: folder, manifest, README. */
export const everyPackage = () =>
  publicPackages.map((one) => ({ ...one, readme: readFileSync(join(root, one.folder, 'README.md'), 'utf8') }));
