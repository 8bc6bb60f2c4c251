// A small clean workspace in a temporary folder, for the checks' own tests: each test plants one fault in it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const readme = '# A package\n\n```ts\nconst whales: number = 2;\nconsole.log(whales);\n```\n';
const manifest = (name, more = {}) =>
  JSON.stringify({
    name,
    version: '0.1.0',
    description: 'Of a test.',
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    keywords: ['ingot'],
    exports: { '.': './dist/index.js' },
    files: ['dist'],
    publishConfig: { access: 'public' },
    ...more,
  });
const own = (...names) => Object.fromEntries(names.map((name) => [`@ingot/${name}`, 'workspace:^']));

const CLEAN = {
  'README.md': readme,
  'packages/core/package.json': manifest('@ingot/core', { dependencies: { rxjs: '1' } }),
  'packages/core/src/index.ts': `import { of } from 'rxjs';
import { open } from 'node:fs/promises';
export { one } from './one.js';
/** Both of them. */
export const both = () => [of, open];
`,
  'packages/core/src/one.ts': '/** One. */\nexport function one(): number {\n  return 1;\n}\n',
  'packages/core/src/one.test.ts':
    "import { expect } from 'vitest';\nimport { one } from './one.js';\nexpect(one()).toBe(1);\n",
  'packages/formats/package.json': manifest('@ingot/formats'),
  'packages/formats/src/index.ts': 'export const version = 1;\n',
  'packages/text/package.json': manifest('@ingot/text', {
    dependencies: own('formats'),
    peerDependencies: own('core'),
    devDependencies: { ...own('data'), sharp: '1' },
  }),
  'packages/text/src/index.ts': `import { version } from '@ingot/formats';
import type { one } from '@ingot/core';
declare module '@ingot/core' {
  interface EventTypes {
    heatmap: { values: number[] };
  }
}
/** The version. */
export const read = (of: typeof one): unknown => [version, of, import('@ingot/text')];
`,
  'packages/text/src/index.test.ts':
    "import { all } from '@ingot/data';\nimport '@ingot/testing';\nimport 'sharp';\nexport { all };\n",
  'packages/decoding/package.json': manifest('@ingot/decoding', { peerDependencies: own('core') }),
  'packages/decoding/src/index.ts': 'export interface Step {\n  readonly id: number;\n}\n',
  'packages/data/package.json': manifest('@ingot/data', { dependencies: own('text'), peerDependencies: own('core') }),
  'packages/data/src/index.ts': `import { read } from '@ingot/text';
/** All of it. */
const all = () => read;
export { all, read };
`,
  'apps/runner/package.json': manifest('ingot', { dependencies: { ...own('core', 'data'), yaml: '1' } }),
  'apps/runner/src/cli.ts': "import { all } from '@ingot/data';\n/** The command. */\nexport default () => all();\n",
  'apps/runner/bin/ingot.mjs': "import 'yaml';\nawait import('../dist/cli.js');\n",
};
for (const name of ['core', 'formats', 'text', 'decoding', 'data'])
  Object.assign(CLEAN, { [`packages/${name}/README.md`]: readme, [`packages/${name}/LICENSE`]: 'Apache-2.0' });
Object.assign(CLEAN, { 'apps/runner/README.md': readme, 'apps/runner/LICENSE': 'Apache-2.0' });

/** The text of a clean file, to add a fault to. */
export const clean = (file) => CLEAN[file];

/** What `check` finds in a clean workspace with `files` put into it; a file that is `undefined` is left out. */
export const faultsIn = (check, files = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'ingot-check-'));
  try {
    for (const [file, text] of Object.entries({ ...CLEAN, ...files })) {
      if (text === undefined) continue;
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return check({ root });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
