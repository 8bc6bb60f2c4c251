// The stage `answers`: the same prompts and draws for every model, rewards with wins and losses, and what it refuses.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { device, Model, Prompts, Reward } from '@ingot/contracts';
import { fakeDesign, fakeFamilyPart, modelOfDesign } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, defineStage, memoryStore, type RunEvent } from '@ingot/core';
import { BYTE_CHARACTERS, byteLevelJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { sampling } from './index.js';

const bytes = tokenizerValue(
  byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].toSorted()], [], [END_OF_TEXT], 'gpt2'),
);
const design = fakeDesign(bytes, 4);
const world = definePlugin({
  name: 'test/world',
  parts: [
    fakeFamilyPart,
    Reward.part({
      name: 'signs',
      version: 1,
      options: z.strictObject({}),
      make:
        () =>
        ({ text }) =>
          text.length,
    }),
  ],
  stages: [
    defineStage({
      name: 'given',
      version: 1,
      inputs: {},
      outputs: { one: Model, other: Model, prompts: Prompts },
      options: z.strictObject({ prompts: z.array(z.string()).default(['a', 'bc', 'def']) }),
      async *run({ options }) {
        const rows = options.prompts.map((prompt) => ({ prompt, completions: [] }));
        return {
          one: modelOfDesign(design, 0),
          other: modelOfDesign(design, 0.5),
          prompts: {
            rows: rows.length,
            async *read() {
              yield* rows;
            },
          },
        };
      },
    }),
  ],
});
const ingot = createIngot({ plugins: [device('reference'), world, sampling] });

type How = {
  names?: string[];
  limit?: number;
  show?: number;
  tokens?: number;
  rewards?: { use: 'signs' }[];
  about?: string;
};
const answered = async (how: How, second: 'one' | 'other' = 'one', prompts?: string[]) => {
  const run = ingot
    .pipeline('answers', (g) => {
      const given = g.add('given', {}, prompts ? { prompts } : {});
      return g.add('answers', { models: [given.one, given[second]], prompts: given.prompts }, { tokens: 6, ...how });
    })
    .run({ store: memoryStore() });
  const events: RunEvent[] = [];
  run.events.subscribe((event) => events.push(event));
  const { report } = await run.result();
  const table = (title: string) =>
    events.flatMap((event) => (event.type === 'table' && event.title === title ? [event.rows] : []))[0] ?? [];
  return { report, table };
};

test('the same model twice gives the same answers, neither wins; names head the columns', async () => {
  const { report, table } = await answered({
    names: ['old', 'new'],
    rewards: [{ use: 'signs' }],
    about: 'Longer is not better.',
  });
  const rows = table('Side by side');
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row['old']).toBe(row['new']);
  expect(rows.map(({ prompt }) => prompt)).toEqual(['a', 'bc', 'def']);
  expect(report.rows.map(({ name }) => name)).toEqual(['old', 'new']);
  expect(report.rows[1]?.values).toMatchObject({ wins: 0, losses: 0 });
  expect(report.notes?.slice(1)).toEqual([
    expect.stringMatching(
      /^new scores 0.000 more than old .*may be chance\): higher on 0% of 3 prompts, lower on 0%\.$/,
    ),
    'Longer is not better.',
  ]);
  expect(table('Rewards')[0]?.['reward']).toBe(report.rows[0]?.values['reward']);
});

test('another model answers otherwise; limit and show count prompts', async () => {
  const { table } = await answered({ limit: 2, show: 1 }, 'other');
  expect(table('Side by side')).toHaveLength(1);
  expect(table('Side by side')[0]).toHaveProperty('model 1');
  expect(table('Rewards')).toEqual([]);
});

test('names that are too few or equal, and no prompts, are refused', async () => {
  await expect(answered({ names: ['old'] })).rejects.toThrow("option 'names': wanted 2 different names");
  await expect(answered({ names: ['x', 'x'] })).rejects.toThrow('wanted 2 different names');
  await expect(answered({}, 'one', [])).rejects.toThrow('wanted models and prompts, got 2 and 0');
});
