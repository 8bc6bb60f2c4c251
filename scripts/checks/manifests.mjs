// Every public package says what it is, where its code is, what it may be used for, and installs without running anything.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from '../lib/packages.mjs';
import { root as repository } from '../lib/run.mjs';

const FIELDS = [
  'name',
  'version',
  'description',
  'license',
  'type',
  'sideEffects',
  'engines',
  'keywords',
  'exports',
  'files',
  'publishConfig',
];
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
const PEERS = ['@ingot/core', '@ingot/tensor', '@ingot/contracts'];

/** Faults: missing metadata, README or licence, install scripts, and plugins whose core, tensor or contracts are not peers. */
export const check = ({ root = repository } = {}) =>
  packages({ root }).flatMap(({ folder, manifest, short }) => [
    ...FIELDS.filter((field) => manifest[field] === undefined).map(
      (field) => `${folder}/package.json has no '${field}'.`,
    ),
    ...INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name]).map(
      (name) => `${folder}/package.json runs '${name}' when it is installed: nothing may.`,
    ),
    ...(short === 'ingot'
      ? []
      : PEERS.filter((peer) => manifest.dependencies?.[peer]).map(
          (peer) => `${folder}/package.json depends on '${peer}': it must be a peer, or two copies of it meet.`,
        )),
    ...['README.md', 'LICENSE']
      .filter((file) => !existsSync(join(root, folder, file)))
      .map((file) => `${folder} has no ${file}.`),
  ]);
