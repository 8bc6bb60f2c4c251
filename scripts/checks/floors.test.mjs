// Every way to name a module that points up, sideways, out of the package or to nothing declared is found; a clean workspace gives none.
import { describe, expect, it } from 'vitest';
import { check } from './floors.mjs';
import { clean, faultsIn } from './workspace.fixture.mjs';

const up = (line, to = 'data', floor = 5) =>
  `packages/text/src/planted.ts:${line}: 'text' (floor 4) may not import '${to}' (floor ${floor}): imports point down only.`;
const undeclared = (line, name) =>
  `packages/text/src/planted.ts:${line}: '${name}' is not in the shipped dependencies of packages/text/package.json.`;
const both = (line, to, floor) => [up(line, to, floor), undeclared(line, `@ingot/${to}`)];
const leaves = (file, name) => `${file}: '${name}' leaves the package: import it by its package's name.`;

const PLANTED = [
  ['an upward import', "import { all } from '@ingot/data';", both(1, 'data', 5)],
  ['a sideways import', "\nimport { step } from '@ingot/decoding';", both(2, 'decoding', 4)],
  ['an import of the command', "import { main } from 'ingot';", [up(1, 'ingot', 6), undeclared(1, 'ingot')]],
  ['an import of what is for tests', "import '@ingot/testing';", both(1, 'testing', 7)],
  [
    'an import of a package without a floor',
    "import '@ingot/new';",
    [
      "packages/text/src/planted.ts:1: 'text' (floor 4) may not import 'new' (floor undefined): imports point down only.",
      undeclared(1, '@ingot/new'),
    ],
  ],
  ['an upward `import type`', "import type { All } from '@ingot/data';", both(1, 'data', 5)],
  ['an upward import of a path below', "import { all } from '@ingot/data/deep';", both(1, 'data', 5)],
  ['an upward re-export', "export { all } from '@ingot/data';", both(1, 'data', 5)],
  ['an upward `export *`', "export * from '@ingot/data';", both(1, 'data', 5)],
  ['a dynamic import', "/** x */\nexport const f = async () => (await import('@ingot/data')).all;", both(2, 'data', 5)],
  ['a dynamic import in back quotes', 'await import(`@ingot/data`);', both(1, 'data', 5)],
  ['a `require`', "const all = require('@ingot/data');", both(1, 'data', 5)],
  ['an `import = require`', "import all = require('@ingot/data');", both(1, 'data', 5)],
  ["an `import('…')` type", "export type All = import('@ingot/data').All;", both(1, 'data', 5)],
  ["a `typeof import('…')`", "export type All = typeof import('@ingot/data');", both(1, 'data', 5)],
  ['an augmentation of an upper package', "declare module '@ingot/data' {\n  interface All {}\n}", both(1, 'data', 5)],
  [
    'an augmentation of a sibling',
    "declare module '@ingot/decoding' {\n  interface Step {}\n}",
    both(1, 'decoding', 4),
  ],
  ['a `/// <reference types>`', '/// <reference types="@ingot/data" />', both(1, 'data', 5)],
  ['an undeclared library', "import { z } from 'zod';", [undeclared(1, 'zod')]],
  ['an undeclared library’s deep path', "import { z } from '@scope/zod/v4';", [undeclared(1, '@scope/zod')]],
  ['a library that is for development alone', "import sharp from 'sharp';", [undeclared(1, 'sharp')]],
  [
    'an undeclared package of a lower floor',
    "import type { Tensor } from '@ingot/tensor';",
    [undeclared(1, '@ingot/tensor')],
  ],
  [
    'an import that leaves the package',
    "import { all } from '../../data/src/index.js';",
    [leaves('packages/text/src/planted.ts:1', '../../data/src/index.js')],
  ],
  [
    'an import of a folder whose name begins the same',
    "import { all } from '../src-other/index.js';",
    [leaves('packages/text/src/planted.ts:1', '../src-other/index.js')],
  ],
  [
    'a test’s file in what ships',
    "import { all } from './index.test.js';",
    ["packages/text/src/planted.ts:1: './index.test.js' is for tests alone: what ships may not import it."],
  ],
];

describe('floors', () => {
  it('finds nothing in a clean workspace', () => expect(faultsIn(check)).toEqual([]));

  it.each(PLANTED)('%s', (_, text, faults) =>
    expect(faultsIn(check, { 'packages/text/src/planted.ts': text })).toEqual(faults),
  );

  it.each(['ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs'])('reads deep folders and *.%s', (ending) =>
    expect(faultsIn(check, { [`packages/text/src/a/b/planted.${ending}`]: "import 'zod';" })).toHaveLength(1),
  );

  it('a command’s file is read like a source', () => {
    const text = "import 'zod';\nimport '@ingot/testing';\nimport('../../../packages/data/src/index.js');\n";
    for (const file of ['apps/runner/bin/ingot.mjs', 'apps/runner/bin/other.js'])
      expect(faultsIn(check, { [file]: text })).toEqual([
        `${file}:1: 'zod' is not in the shipped dependencies of apps/runner/package.json.`,
        `${file}:2: 'ingot' (floor 6) may not import 'testing' (floor 7): imports point down only.`,
        `${file}:2: '@ingot/testing' is not in the shipped dependencies of apps/runner/package.json.`,
        leaves(`${file}:3`, '../../../packages/data/src/index.js'),
      ]);
  });

  it('a test may import what is above, but only what is declared', () => {
    const file = 'packages/text/src/planted.test.ts';
    expect(
      faultsIn(check, { [file]: "import '@ingot/data';\nimport 'zod';\nimport '../../data/src/index.js';\n" }),
    ).toEqual([
      `${file}:2: 'zod' is not in the dependencies of packages/text/package.json.`,
      leaves(`${file}:3`, '../../data/src/index.js'),
    ]);
  });

  it.each(['dependencies', 'peerDependencies'])('an upward edge in %s', (field) => {
    const manifest = JSON.parse(clean('packages/text/package.json'));
    manifest[field]['@ingot/data'] = 'workspace:^';
    expect(faultsIn(check, { 'packages/text/package.json': JSON.stringify(manifest) })).toEqual([
      "packages/text/package.json: 'text' (floor 4) may not depend on 'data' (floor 5): imports point down only.",
    ]);
  });

  it('a package without a floor', () =>
    expect(faultsIn(check, { 'packages/new/package.json': '{"name":"@ingot/new"}' })).toEqual([
      "packages/new: package 'new' has no floor in scripts/lib/packages.mjs.",
    ]));

  it('takes the table of floors as an argument', () =>
    expect(
      faultsIn(({ root }) => check({ root, floors: { core: 1, formats: 2, text: 4, decoding: 4, data: 3, ingot: 6 } })),
    ).toEqual([
      "packages/data/package.json: 'data' (floor 3) may not depend on 'text' (floor 4): imports point down only.",
      "packages/data/src/index.ts:1: 'data' (floor 3) may not import 'text' (floor 4): imports point down only.",
    ]));
});
