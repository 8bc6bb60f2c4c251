// The stages that read scores which are there already: what they keep, what they refuse, and the contract of stages.
import { Prompts, type ExampleRow, type FeedbackRow, type RowsValue } from '@ingot/contracts';
import { fakeRows } from '@ingot/contracts/fakes';
import { createIngot, type IngotError } from '@ingot/core';
import { sourcePlugin, sourceStage, stageSuite } from '@ingot/testing';
import { describe, expect, it } from 'vitest';
import { feedback } from '../index.js';

const row = (prompt: FeedbackRow['prompt'], ...completions: readonly (readonly [string, number?])[]): FeedbackRow => ({
  prompt,
  completions: completions.map(([text, score]) => ({ text, ...(score !== undefined && { score }) })),
});
const chat = [
  { role: 'user' as const, content: 'Hi' },
  { role: 'assistant' as const, content: 'Hello.' },
  { role: 'user' as const, content: 'Go on.' },
];
const rows = [
  row('p ', ['bad', -1], ['good', 2], ['fair', 1], ['good', 1.5], [' ', 9]),
  row(chat, ['yes', 1], ['no', 0.5]),
  row('tied ', ['x', 1], ['y', 1]),
];
const pluginsOf = (given: readonly FeedbackRow[]) => [
  sourcePlugin([sourceStage('given', { prompts: Prompts }, () => ({ prompts: fakeRows(given) }))]),
  feedback,
];
const recipe = (use: 'best-of' | 'score-pairs', how: Readonly<Record<string, unknown>> = {}) => ({
  name: 'scored',
  stages: { given: { use: 'given' }, it: { use, from: { feedback: 'given.prompts' }, how } },
  outputs: { out: `it.${use === 'best-of' ? 'examples' : 'feedback'}` },
});
async function made<Row>(...[use, how, given = rows]: [...Parameters<typeof recipe>, (readonly FeedbackRow[])?]) {
  const ingot = createIngot({ plugins: pluginsOf(given) });
  const { out } = (await ingot.fromRecipe(recipe(use, how)).run().result()) as { out: RowsValue<Row> };
  const all: Row[] = [];
  for await (const one of out.read()) all.push(one);
  return all;
}
const failure = (run: Promise<unknown>): Promise<IngotError> =>
  run.then(
    () => Promise.reject(new Error('wanted a failure')),
    (error: unknown) => error as IngotError,
  );

describe('best-of', () => {
  it('the best of each prompt is learnt, and of a conversation that answer alone', async () =>
    expect(await made<ExampleRow>('best-of')).toEqual([
      { prompt: 'p ', completion: 'good' },
      {
        messages: [chat[0], { ...chat[1], weight: 0 }, chat[2], { role: 'assistant', content: 'yes' }],
      },
      { prompt: 'tied ', completion: 'x' },
    ]));
  it('the best two, each text once, none below the least', async () => {
    const texts = (await made<ExampleRow>('best-of', { count: 2, least: 0.75 })).map((one) =>
      'completion' in one ? one.completion : 'messages' in one ? one.messages.at(-1)?.content : '',
    );
    expect(texts).toEqual(['good', 'fair', 'yes', 'x', 'y']);
  });
  it('refuses completions without scores, and a bar that none reaches', async () => {
    const unscored = await failure(made('best-of', {}, [rows[0]!, row('q', ['a', 1], ['b'])]));
    expect([unscored.code, unscored.message]).toEqual(['bad-input', expect.stringMatching(/row 1: completion 2 of 2/)]);
    expect((await failure(made('best-of', { least: 5 }))).message).toContain('least 5, the best has 2');
  });
});
describe('score-pairs', () => {
  it('best and worst with labels, ranks, scores and margin; ties have no pair', async () =>
    expect(await made<FeedbackRow>('score-pairs')).toEqual([
      {
        prompt: 'p ',
        completions: [
          { text: 'good', rank: 0, score: 2, label: true },
          { text: 'bad', rank: 1, score: -1, label: false },
        ],
        margin: 3,
      },
      expect.objectContaining({ prompt: chat, margin: 0.5 }),
    ]));
  it('all of them, ranked; a margin drops prompts', async () => {
    const all = await made<FeedbackRow>('score-pairs', { keep: 'all', margin: 1 });
    expect(all.map(({ completions }) => completions.map(({ text, rank }) => [text, rank]))).toEqual([
      [
        ['good', 0],
        ['fair', 1],
        ['bad', 2],
      ],
    ]);
    expect((await failure(made('score-pairs', { margin: 9 }))).message).toContain('not one of 3 prompts');
  });
});
for (const use of ['best-of', 'score-pairs'] as const)
  stageSuite(use, {
    plugins: pluginsOf(rows),
    recipe: recipe(use),
    stage: 'it',
    options: use === 'best-of' ? [{ count: 2 }, { least: 0 }] : [{ keep: 'all' }, { margin: 1 }],
  });
