// The listings of CONTRIBUTING.md are found with their paths; a guide without them is a fault.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../lib/run.mjs';
import { check, listingsOf } from './contributing.mjs';

it('takes each listing under the path named before it, without its indent', () => {
  const { files, recipe } = listingsOf(
    '## Add a stage in ten minutes\n\n1. `packages/data/src/a.ts`:\n\n   ```ts\n   if (1)\n     a();\n   ```\n\n2. In `packages/data/src/plugin.ts`, then `packages/data/src/a.test.ts`:\n\n   ```ts\n   b();\n   ```\n\n   ```yaml\n   name: c\n   ```\n\n## Next\n\n```ts\nno();\n```\n',
  );
  expect([...files]).toEqual([
    ['packages/data/src/a.ts', 'if (1)\n  a();\n'],
    ['packages/data/src/a.test.ts', 'b();\n'],
  ]);
  expect(recipe).toBe('name: c\n');
});

it('finds a stage, its test and a recipe in the guide that is there', () => {
  const { files, recipe } = listingsOf(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));
  expect([...files.keys()]).toEqual(['packages/data/src/shout.ts', 'packages/data/src/shout.test.ts']);
  expect(recipe).toContain('use: shout');
});

it('a guide without listings is a fault', () =>
  expect(check({ guide: '# Contributing\n' })).toEqual([expect.stringMatching(/wanted a listing of a stage/)]));
