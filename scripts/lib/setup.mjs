// Brings a fresh clone to life with nothing but Node and npm: pinned pnpm, dependencies, a build. Quick when nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

/** The one place where pnpm's version stands. */
export const PNPM = 'pnpm@12.21.0';
const OLDEST = [20, 19];

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(
    `Ingot wants Node ${OLDEST.join('.')} or later, got ${process.versions.node}. Install a newer Node (nodejs.org), then run the same command again.`,
  );
  process.exit(2);
};

const stampFile = join(root, 'node_modules', '.ingot-install');
const lockDigest = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');

const install = async () => {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockDigest()) return;
  console.log('Installing dependencies (first time, or the lock file changed) …');
  await run(
    'npx',
    ['--yes', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'],
    'Installing failed. Is the npm registry reachable?',
  );
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stampFile, lockDigest());
};

/**
 * Installs what the lock file names and, with `build`, compiles every package (incremental).
 * Ends the process with exit code 2 on a Node that is too old, and with the step's own code when a step fails.
 */
export const setUp = async ({ build }) => {
  checkNode();
  await install();
  if (!build) return;
  await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], 'The build failed.');
  await run(process.execPath, [join(root, 'scripts', 'build-native.mjs')], 'The native build broke off.');
};
