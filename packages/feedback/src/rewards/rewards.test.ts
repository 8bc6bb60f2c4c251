// Rewards against their peers: sentiment against the author's own afinn package, rules against TRL 1.16; and what combinations do.
/* oxlint-disable require-yield -- a stage that only returns a value is a generator all the same */
import { readFileSync } from 'node:fs';
import { openReward, type RewardValue } from '@ingot/contracts';
import { createIngot, definePlugin, defineStage, IngotError, memoryStore, one } from '@ingot/core';
import { Reward, Report } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { afinnReward } from './afinn.js';
import { afinnScore, sentimentOf } from './afinn-score.js';
import { mapped, sumOf } from './combine.js';
import { clipPart, standardisePart, sumPart } from './combined-parts.js';
import { thinkFormat } from './format.js';
import { lengthPart, lengthReward } from './length.js';
import { overlongPunishment } from './overlong.js';
import { regexPart } from './regex.js';
import { repetitionPenalty } from './repetition.js';
import { lengthOf } from './words.js';

interface Peers {
  readonly afinn: readonly { readonly text: string; readonly valences: readonly number[]; readonly score: number }[];
  readonly trl: {
    readonly format: readonly { readonly text: string; readonly reward: number }[];
    readonly repetition: readonly {
      readonly ids: readonly number[];
      readonly n: number;
      readonly penalty: number;
      readonly reward: number;
    }[];
    readonly overlong: readonly {
      readonly length: number;
      readonly most: number;
      readonly soft: number;
      readonly reward: number;
    }[];
  };
}
const peers = JSON.parse(readFileSync(new URL('../fixtures/rewards.json', import.meta.url), 'utf8')) as Peers;

describe('afinn', () => {
  it.each(peers.afinn)('finds what the afinn package finds in "$text"', ({ text, valences, score }) => {
    expect(sentimentOf(text).valences).toEqual(valences);
    expect(afinnScore(text)).toBe(score);
  });
  it('per word and over the root of the words', () => {
    expect(afinnScore('a good and happy day, ok', 'per-word')).toBe(6 / 6);
    expect(afinnScore('good good good good', 'root')).toBe(12 / 2);
    expect(afinnScore('... !', 'per-word')).toBe(0);
  });
  it('a typographic apostrophe is an apostrophe', () => expect(afinnScore('I can’t stand it')).toBe(-3));
});

describe('rules as TRL 1.16 has them (bench/peers/feedback_rewards.py)', () => {
  it.each(peers.trl.format)('format of $text', ({ text, reward }) => expect(thinkFormat(text)).toBe(reward));
  it.each(peers.trl.repetition)('repetition of $ids, n $n', ({ ids, n, penalty, reward }) =>
    expect(repetitionPenalty(ids, n, penalty)).toBeCloseTo(reward, 12),
  );
  it.each(peers.trl.overlong)('overlong: $length of $most, $soft before', ({ length, most, soft, reward }) =>
    expect(overlongPunishment(length, most, soft)).toBeCloseTo(reward, 12),
  );
});

describe('length', () => {
  it('counts words and code points', () => {
    expect(lengthOf("It's 2 o'clock, naïve 🙂 one", 'words')).toBe(7);
    expect(lengthOf('é🙂x', 'characters')).toBe(3);
  });
  it('is the length, or the nearness to a target', () => {
    expect(lengthReward('a b c', 'words')).toBe(3);
    expect([0, 5, 10, 15, 20].map((n) => lengthReward('x'.repeat(n), 'characters', 10))).toEqual([
      -1, -0.5, -0, -0.5, -1,
    ]);
  });
});

const texts = ['a', 'bb', 'ccc'];
const answers = texts.map((text) => ({ prompt: 'p', text }));
const scoresOf = async (reward: RewardValue) => {
  const opened = await openReward(reward);
  try {
    return await opened.score(answers);
  } finally {
    opened.dispose();
  }
};
const size: RewardValue = ({ text }) => text.length;

describe('rewards of rewards', () => {
  it('a sum has its weights, a change of scale its numbers', async () => {
    expect(await scoresOf(sumOf([size, () => 10, sumOf([size], [2])], [1, -0.5, 1]))).toEqual([-2, 1, 4]);
    expect(await scoresOf(mapped(size, (score) => score * score))).toEqual([1, 4, 9]);
  });
  it('NaN names the reward of the sum and the answer', async () => {
    const broken: RewardValue = ({ text }) => (text === 'bb' ? NaN : 0);
    const error: unknown = await scoresOf(sumOf([size, broken], [1, 1])).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IngotError);
    expect(error).toMatchObject({
      code: 'bad-numbers',
      message: expect.stringMatching(/^Reward 2 of 2 in a sum: A reward gave NaN for answer 1 of 3, "bb"\./),
    });
  });
  it('disposes of all it opened, also when one does not open', async () => {
    let open = 0;
    const counted: RewardValue = {
      open: async () => {
        open++;
        return { score: async (given) => given.map(() => 0), dispose: () => void open-- };
      },
    };
    const closed: RewardValue = { open: () => Promise.reject(new Error('no')) };
    await scoresOf(sumOf([counted, counted], [1, 1]));
    expect(open).toBe(0);
    await expect(scoresOf(sumOf([counted, closed], [1, 1]))).rejects.toThrow('no');
    expect(open).toBe(0);
  });
});

describe('as parts of a recipe', () => {
  const scoring = defineStage({
    name: 'scoring',
    version: 1,
    inputs: {},
    outputs: { report: Report },
    options: z.strictObject({ reward: one(Reward), texts: z.array(z.string()) }),
    async *run({ options }) {
      const opened = await openReward(options.reward);
      const scores = await opened.score(options.texts.map((text) => ({ prompt: '', text })));
      opened.dispose();
      return {
        report: {
          title: 'scores',
          rows: [{ name: 'scores', values: Object.fromEntries(scores.entries()) }],
          notes: [],
        },
      };
    },
  });
  const ingot = createIngot({
    plugins: [
      definePlugin({
        name: 'test/rewards',
        stages: [scoring],
        parts: [afinnReward, lengthPart, sumPart, clipPart, standardisePart, regexPart],
      }),
    ],
  });
  const score = async (reward: object, given: string[]) => {
    const recipe = {
      name: 'scores',
      stages: { scoring: { use: 'scoring', how: { reward, texts: given } } },
      outputs: { report: 'scoring.report' },
    };
    const { report } = (await ingot.fromRecipe(recipe).run({ store: memoryStore() }).result()) as {
      report: { rows: { values: Record<string, number> }[] };
    };
    return Object.values(report.rows[0]!.values);
  };

  it('nested slots: a clipped sum of sentiment and length', async () => {
    const sum = { use: 'sum', of: [{ use: 'afinn' }, { use: 'length' }], weights: [1, -0.5] };
    expect(await score(sum, ['good', 'a bad bad day'])).toEqual([2.5, -8]);
    expect(await score({ use: 'clip', of: sum }, ['good', 'a bad bad day'])).toEqual([1, -1]);
    expect(await score({ use: 'standardise', of: sum, mean: 2, deviation: 2 }, ['good', 'a bad bad day'])).toEqual([
      0.25, -5,
    ]);
  });
  it('regex: found, or how often', async () => {
    expect(await score({ use: 'regex', pattern: '\\bwhales?\\b', ignoreCase: true }, ['A Whale', 'whaler'])).toEqual([
      1, 0,
    ]);
    expect(await score({ use: 'regex', pattern: 'a', count: true }, ['banana', 'x'])).toEqual([3, 0]);
  });
  it.each([
    [{ use: 'regex', pattern: '(' }, /expected a JavaScript regular expression/],
    [{ use: 'sum', of: [{ use: 'afinn' }], weights: [1, 2] }, /one weight for each of them/],
    [{ use: 'sum', of: [] }, /at least one reward/],
    [{ use: 'clip', of: { use: 'afinn' }, low: 2 }, /low < high/],
    [{ use: 'sum', of: [{ use: 'affin' }] }, /afinn/],
  ])('%j is refused before anything runs', async (reward, message) => {
    await expect(score(reward, ['x'])).rejects.toThrow(message);
  });
});
