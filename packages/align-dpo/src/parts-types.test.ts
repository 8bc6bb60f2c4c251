// The typed graph knows every loss by name, with its own options; the pages have a row for each.
import { readFileSync } from 'node:fs';
import { createIngot } from '@ingot/core';
import { expect, test } from 'vitest';
import { alignDpo, losses, preferenceParts } from './index.js';

test('one part a loss of the table, under its name and version', () => {
  expect(preferenceParts.map(({ name, version }) => [name, version])).toEqual(
    Object.values(losses).map(({ name, version }) => [name, version]),
  );
});

test('a loss is chosen by name; a misspelt one, and an option of another, do not compile', () => {
  const ingot = createIngot({ plugins: [alignDpo] });
  expect(() =>
    ingot.pipeline('typed', (g) => {
      const refs = {} as { readonly model: never; readonly feedback: never };
      g.add('dpo', refs, { loss: { use: 'ipo', beta: 0.2 } });
      // @ts-expect-error: there is no such loss
      g.add('dpo', refs, { loss: { use: 'sigmoyd' } });
      // @ts-expect-error: lambda is ORPO's
      g.add('dpo', refs, { loss: { use: 'ipo', lambda: 0.2 } });
      return {};
    }),
  ).toThrow();
});

test.each(['../README.md', '../../../docs/alignment-losses.md'])('%s has a row for every loss', (page) => {
  const rows = readFileSync(new URL(page, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const missing = Object.keys(losses).filter((name) => !rows.some((row) => row.includes(`\`${name}\``)));
  expect(missing).toEqual([]);
});
