// CONTRIBUTING.md's "Add a stage in ten minutes", done as it is written, in a copy of the package: types, test, recipe, second run.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isTest } from '../lib/packages.mjs';
import { root as repository } from '../lib/run.mjs';

const GUIDE = 'CONTRIBUTING.md';
const HEADING = '## Add a stage in ten minutes';
const PLUGIN = 'packages/data/src/plugin.ts';

/** The listings of the guide: each file's text by the path that was named last before it, and the recipe. */
export const listingsOf = (markdown) => {
  const section = markdown.split(HEADING)[1]?.split('\n## ')[0] ?? '';
  const files = new Map();
  let recipe;
  let path;
  for (const [, named, indent, language, text] of section.matchAll(
    /`(packages\/[^`]+\.ts)`|^( *)```(ts|yaml)\n([\s\S]*?)^ *```$/gm,
  )) {
    if (named) {
      path = named;
      continue;
    }
    const plain = text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    if (language === 'yaml') recipe = plain;
    else files.set(path, plain);
  }
  return { files, recipe };
};

/** A workspace of links to this one, in which `data` and the runner that uses it are copies. */
const copyWorkspace = (root, place) => {
  const copy = (path, options) => cpSync(join(root, path), join(place, path), { recursive: true, ...options });
  const link = (target, path) => {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    symlinkSync(target, join(place, path), 'junction');
  };
  const linkAll = (folder) => {
    for (const name of readdirSync(join(root, folder)).filter((each) => !each.startsWith('.') && each !== '@ingot'))
      link(join(root, folder, name), `${folder}/${name}`);
  };
  for (const file of ['package.json', 'README.md', 'vitest.config.ts', 'tsconfig.base.json']) copy(file);
  link(join(root, 'node_modules'), 'node_modules');
  copy('packages/data/package.json');
  copy('packages/data/src', { filter: (path) => !isTest(path) });
  link(join(root, 'packages/data/node_modules'), 'packages/data/node_modules');
  for (const part of ['package.json', 'bin', 'dist', 'recipes']) copy(`apps/runner/${part}`);
  linkAll('apps/runner/node_modules');
  for (const name of readdirSync(join(root, 'apps/runner/node_modules/@ingot')))
    link(join(name === 'data' ? place : root, 'packages', name), `apps/runner/node_modules/@ingot/${name}`);
};

/** Types of the package with its new files and their build: the tests' too, against the other packages' published types. */
const TSCONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    rootDir: 'src',
    outDir: 'dist',
    noEmitOnError: true,
    composite: false,
    incremental: false,
    declarationMap: false,
    sourceMap: false,
    customConditions: [],
  },
  include: ['src'],
};

/** Step 2 of the guide, by hand: the plugin names the stage. */
const nameInPlugin = (place, name) => {
  const path = join(place, PLUGIN);
  const text = readFileSync(path, 'utf8');
  const named = text.replace('stages: [text,', `stages: [text, ${name},`);
  if (named === text) return [`${GUIDE}: step 2 says 'stages: [text, ${name}, …]', but ${PLUGIN} has no such list.`];
  writeFileSync(path, `import { ${name} } from './${name}.js';\n${named}`);
  return [];
};

const follow = (root, guide, place) => {
  const { files, recipe } = listingsOf(guide);
  const [stage, test] = [...files.keys()];
  if (files.size !== 2 || test !== stage.replace(/\.ts$/, '.test.ts') || !recipe)
    return [
      `${GUIDE}: wanted a listing of a stage, one of its test and a recipe, got ${[...files.keys()].join(', ')}.`,
    ];
  copyWorkspace(root, place);
  for (const [path, text] of files) writeFileSync(join(place, path), text);
  writeFileSync(join(place, 'packages/data/tsconfig.json'), JSON.stringify(TSCONFIG));
  writeFileSync(join(place, 'shouting.yaml'), recipe);
  const name = basename(stage, '.ts');
  const wrong = nameInPlugin(place, name);
  if (wrong.length > 0) return wrong;

  const run = (what, ...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: place,
      encoding: 'utf8',
      timeout: 120_000,
      env: { ...process.env, INGOT_TESTS: 'test', NO_COLOR: '1' },
    });
    if (status !== 0)
      throw new Error(
        `${what} ended with code ${status}: ${`${stdout}${stderr}`.trim().split('\n').slice(-12).join(' | ')}`,
      );
    return stdout;
  };
  const ingot = (...args) => run(`ingot ${args.join(' ')}`, 'apps/runner/bin/ingot.mjs', ...args);
  try {
    run('its type check', 'node_modules/typescript/bin/tsc', '-p', 'packages/data');
    run('its test', 'node_modules/vitest/vitest.mjs', 'run', stage.replace(/\.ts$/, ''));
    const listed = JSON.parse(ingot('stages', '--json')).stages.find((one) => one.name === name);
    const [first, second] = [1, 2].map(() =>
      ingot('run', 'shouting.yaml', '--json')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    const said = (lines, type) => lines.filter((line) => line.type === type).map((line) => line.stage);
    return [
      ...(listed?.options.length ? [] : [`'ingot stages' does not list '${name}' with its options.`]),
      ...(said(first, 'stage-end').includes(name) ? [] : [`the first run does not run '${name}'.`]),
      ...(said(second, 'stage-start').length ? ['the second run does not find everything in the store.'] : []),
      ...(said(second, 'stage-cached').includes(name) ? [] : [`the second run does not reuse '${name}'.`]),
    ].map((fault) => `${GUIDE}: ${fault}`);
  } catch (error) {
    return [`${GUIDE}: ${error.message}`];
  }
};

/** Faults: a step of the guide that fails when it is done as written. */
export const check = ({ root = repository, guide = readFileSync(join(root, GUIDE), 'utf8') } = {}) => {
  const place = mkdtempSync(join(realpathSync(tmpdir()), 'ingot-contributing-'));
  try {
    return follow(root, guide, place);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};
