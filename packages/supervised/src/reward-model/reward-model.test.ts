// The stage end to end: it learns what was planted, names a reward that is only length, refuses planted faults, and its model scores alike anywhere.
import type { RunEvent } from '@ingot/core';
import type { FeedbackRow } from '@ingot/contracts';
import { gptFamily } from '@ingot/model-gpt';
import { referenceDevice } from '@ingot/tensor';
import { chatEncoder, encodeCompletion } from '@ingot/text';
import { openRewardModel } from '@ingot/training';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { asJson, numbersOf, runAll, tinyModel, tuningWorld } from '../tuning.fixture.js';
import type { rewardModelOptions, rewardModelView } from './index.js';

type How = Omit<z.input<typeof rewardModelOptions> & z.input<typeof rewardModelView>, 'optimiser' | 'schedule'>;
const pipeline = (rows: readonly FeedbackRow[], how: How = {}) =>
  tuningWorld().pipeline(
    'reward',
    (g) => {
      const { model } = g.add('base', {}, {});
      const { feedback } = g.add('pairs', {}, { rows: asJson(rows) });
      const { reward } = g.add(
        'reward-model',
        { model, feedback },
        {
          steps: 45,
          batch: 8,
          optimiser: { use: 'adamw', lr: 1e-2 },
          schedule: { use: 'constant' },
          heldOut: 0.25,
          evalEvery: 45,
          ...how,
        },
      );
      return { reward };
    },
    { seed: 1 },
  );
const drawn = (seed: number) => (n: number) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};
const word = (next: (n: number) => number, length: number, letters: string): string =>
  Array.from({ length }, () => letters[next(letters.length)]).join('');
const pair = (prompt: string, chosen: string, rejected: string): FeedbackRow => ({
  prompt,
  completions: [{ text: chosen }, { text: rejected }],
});
/** Chosen answers are vowels, rejected ones consonants, of any length; or chosen ones are longer, of any letters. */
const planted = (what: 'vowels' | 'length'): FeedbackRow[] => {
  const next = drawn(3);
  return Array.from({ length: 120 }, () => {
    const prompt = word(next, 4, 'abcdefgh');
    const short = 2 + next(4);
    const long = short + 1 + next(12);
    return what === 'vowels'
      ? pair(prompt, word(next, 2 + next(8), 'aeiou'), word(next, 2 + next(8), 'bcdfg'))
      : pair(prompt, word(next, long, 'abcde'), word(next, short, 'abcde'));
  });
};
const last = (events: readonly RunEvent[]): Readonly<Record<string, number>> =>
  events.flatMap((event) => (event.type === 'metric' && 'accuracy' in event.values ? [event.values] : [])).at(-1)!;
const warnings = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.text] : []));

test('it learns a planted preference on prompts that it has not seen, and says how sure it may be', async () => {
  const { results, events } = await runAll(pipeline(planted('vowels')));
  expect(last(events)['accuracy']).toBeGreaterThan(0.9);
  expect(warnings(events)).toEqual([]);
  const titles = events.flatMap((event) => (event.type === 'table' ? [event.title] : []));
  expect(titles).toEqual(['Memory', 'Accuracy on held-out pairs, with 95% intervals', 'Reward model', 'Calibration']);
  expect(events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).at(-1)).toMatch(
    /On 30 held-out pairs the reward model agrees with .*95% interval.* Length could account for \d+% of the margins/,
  );

  const { reward } = results;
  expect(reward.tensors['reward.weight']!.shape).toEqual([1, 16]);
  const { chat, tokenizer } = reward.design;
  const encoder = chatEncoder({ tokenizer, ...(chat && { chat }) });
  const open = (batch: number) =>
    openRewardModel({
      device: referenceDevice(),
      installed: { make: async () => gptFamily as never },
      model: reward,
      batch,
      encode: ({ prompt, text }) => encodeCompletion(encoder, prompt, text, { maxTokens: 64 }).ids,
    });
  const answers = ['aeiou', 'bcdfg', 'a', 'aebcd'].map((text) => ({
    prompt: 'abcd',
    text,
  }));
  const [together, single] = await Promise.all([open(8), open(1)]);
  const scores = await together.score(answers);
  expect(scores[0]!).toBeGreaterThan(scores[1]!);
  (await single.score(answers)).forEach((score, i) => expect(Math.abs(score - scores[i]!)).toBeLessThan(1e-5));
  together.dispose();
  single.dispose();
  await expect(
    openRewardModel({
      device: referenceDevice(),
      installed: { make: async () => gptFamily as never },
      model: tinyModel(),
      encode: () => new Int32Array(),
    }),
  ).rejects.toMatchObject({ code: 'bad-value', message: expect.stringContaining('This is no reward model') });
});

test('a reward that is only length: the tripwire names it, and may stop the run', async () => {
  const { events } = await runAll(pipeline(planted('length'), { steps: 90, evalEvery: 45, lengthAction: 'stop' }));
  expect(last(events)['lengthShare']).toBeGreaterThan(0.5);
  expect(warnings(events).join()).toMatch(
    /Tripwire 'length-bias'.*Length could account for most of the margins.*pairs of equal length.*The run ends here/,
  );
  expect(Math.max(...events.map((event) => (event.type === 'metric' ? event.step : 0)))).toBe(45);
});

test('micro-batches, and an adapter under the head', async () => {
  const rows = planted('vowels');
  const [whole, parts] = await Promise.all(
    [{}, { microBatch: 2 }].map(async (how) =>
      numbersOf((await runAll(pipeline(rows, { steps: 2, heldOut: 0, ...how }))).results.reward),
    ),
  );
  for (const [name, numbers] of whole!)
    numbers.forEach((x, i) => expect(Math.abs(x - parts!.get(name)![i]!)).toBeLessThan(1e-5));
  const adapted = await runAll(pipeline(rows, { adapter: { rank: 4 } }));
  expect(last(adapted.events)['accuracy']).toBeGreaterThan(0.8);
});

describe('planted faults', () => {
  const refused = (rows: readonly FeedbackRow[], text: RegExp) =>
    expect(runAll(pipeline(rows))).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(text) });
  const good = planted('vowels').slice(0, 8);
  test('an empty answer', () => refused([...good, pair('a', ' ', 'b')], /row 8: its answer 0 is empty/));
  test('chosen and rejected are the same', async () => {
    await refused([pair('a', 'same', 'same')], /no pair to learn from in 1 rows: 1 pairs have the same text/);
    const { events } = await runAll(pipeline([...good, pair('a', 'same', 'same')], { steps: 1 }));
    expect(warnings(events)[0]).toMatch(/^1 pairs have the same text on both sides/);
  });
  test('swapped columns', () =>
    refused(
      good.map((row) => ({
        ...row,
        completions: row.completions.map((one, rank) => ({ ...one, rank, score: rank })),
      })),
      /in 8 of 8 pairs the better answer has the lower score\. Are the columns swapped\?/,
    ));
  test('a reward model of another tokenizer, when the plan is made', async () => {
    const made = tuningWorld().pipeline(
      'foreign',
      (g) => {
        const { model } = g.add('base', {}, {});
        const { feedback } = g.add('pairs', {}, { rows: asJson(good) });
        const { reward } = g.add('reward-model', { model, feedback }, {});
        const policy = g.add('base', {}, { plain: true }, 'policy').model;
        return { model: g.add('judged', { model: policy, reward }, {}).model };
      },
      { seed: 1 },
    );
    await expect(made.plan()).rejects.toMatchObject({
      code: 'bad-wiring',
      message: expect.stringContaining('artifacts with different tokenizers'),
    });
  });
});

test('soft labels: the margin is that of the judge, where sides alone would let it grow; rows without are refused', async () => {
  const labelled = planted('vowels').map(({ prompt, completions: [good, bad] }) => ({
    prompt,
    completions: [
      { text: good!.text, rank: 0, score: 0.75 },
      { text: bad!.text, rank: 1, score: 0.25 },
    ],
    margin: 0.5,
  }));
  const marginOf = async (how: How): Promise<number> =>
    last((await runAll(pipeline(labelled, { centring: 0, ...how }))).events)['margin']!;
  const soft = await marginOf({ targets: 'scores' });
  // log(0.75 / 0.25) = 1.0986 where the loss is least
  expect(Math.abs(soft - Math.log(3))).toBeLessThan(0.35);
  expect(await marginOf({ targets: 'sides', margins: false })).toBeGreaterThan(2 * soft);
  await expect(runAll(pipeline(planted('vowels'), { targets: 'scores' }))).rejects.toThrow(/120 of 120 rows have none/);
});
