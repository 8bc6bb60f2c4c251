// The workspace's packages with their floors, and the TypeScript sources of each.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root as repository } from './run.mjs';

/** An import may only point to a lower floor (docs/architecture.md). `testing` is for tests alone: nothing that ships imports it. */
export const FLOORS = {
  core: 1,
  tensor: 2,
  formats: 2,
  contracts: 3,
  training: 4,
  decoding: 4,
  text: 4,
  data: 5,
  'model-gpt': 5,
  supervised: 5,
  'align-dpo': 5,
  'align-rlhf': 5,
  sampling: 5,
  eval: 5,
  quant: 5,
  scaling: 5,
  feedback: 5,
  guardrails: 5,
  constitution: 5,
  'tensor-tfjs': 5,
  'tensor-native': 5,
  testing: 7,
  ingot: 6,
};

const folders = (root) =>
  ['packages', 'apps']
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)));

/** Every package of the workspace at `root`: folder (relative), package.json, short name, floor. */
export const packages = ({ root = repository, floors = FLOORS } = {}) =>
  folders(root)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const short = manifest.name.replace('@ingot/', '');
      return { folder, manifest, short, floor: floors[short] };
    });

const IGNORED = new Set(['node_modules', 'dist', '.git', '.ingot', 'coverage']);
/** All files below a folder of `root` with one of these endings, relative to `root`. */
export const filesBelow = (folder, endings, root = repository) => {
  const found = [];
  const visit = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (IGNORED.has(entry.name)) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (endings.some((ending) => entry.name.endsWith(ending))) found.push(relative(root, path));
    }
  };
  if (existsSync(join(root, folder))) visit(join(root, folder));
  return found.sort();
};

/** Files that only tests use: they may import anything below the runner, and need no docstrings. */
export const isTest = (file) => /\.(test|slow|nightly)\.(ts|mjs)$|\.fixture\.(ts|mjs)$|\/fixtures\//.test(file);
