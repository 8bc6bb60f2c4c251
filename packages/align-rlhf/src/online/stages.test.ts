// Every method learns on the shared loop; settings that must not matter give one trajectory; a killed run ends in the same bits.
import { memoryStore } from '@ingot/core';
import { describe, expect, test } from 'vitest';
import { alignBy, brief, distance, failure, series } from '../world.fixture.js';

const methods = {
  ppo: { generations: 2, iterations: 2 },
  grpo: {},
  rloo: {},
  reinforce: {},
  'online-dpo': { generations: 2 },
  'expert-iteration': {},
} as const;
const cases = Object.entries(methods);
const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

describe('methods', () => {
  test.each(cases)(
    '%s: the word alone is exchanged, the reward rises and the mismatch is exactly 0',
    async (use, more) => {
      const { events, model } = await alignBy(use, {
        ...brief,
        ...more,
        generations: use === 'online-dpo' ? 2 : 8,
        steps: 24,
        beta: use === 'online-dpo' ? 0.1 : 0.01,
      });
      const rewards = series(events, 'reward');
      expect(rewards).toHaveLength(24);
      expect(mean(rewards.slice(-6))).toBeGreaterThan(mean(rewards.slice(0, 4)));
      const mismatch = series(events, 'mismatch');
      expect(mismatch.length).toBe(use === 'ppo' ? 12 : 24);
      expect(mismatch.every((x) => x === 0)).toBe(true);
      expect(series(events, 'kl')[0]).toBe(0);
      expect(series(events, 'heldOut/reward').length).toBeGreaterThan(1);
      expect(Object.keys(model.tensors).some((name) => name.startsWith('value.'))).toBe(false);
      expect(events.some((event) => event.type === 'table' && event.title === 'Rollouts at step 1')).toBe(true);
    },
  );
  test.each(['grpo', 'bnpo', 'dr-grpo', 'dapo', 'gspo', 'cispo', 'sapo', 'luspo', 'vespo'])(
    'grpo by %s',
    async (loss) => {
      const { events } = await alignBy('grpo', { ...brief, loss, beta: 0.1, iterations: 2, miniBatches: 2 });
      expect(series(events, 'loss').every(Number.isFinite)).toBe(true);
      expect(series(events, 'loss')).toHaveLength(4);
    },
  );
});

describe('one trajectory, whatever the setting', () => {
  // Plain SGD: Adam divides tiny gradients by their own size and would show their rounding as steps of the learning rate.
  const exact = { ...brief, steps: 2, optimiser: { use: 'sgd', lr: 0.05 }, entropyBonus: 0.01 };
  test.each(cases)('%s: whole rounds = micro-batches, however many answers are drawn at once', async (use, more) => {
    const whole = await alignBy(use, { ...exact, ...more });
    const parts = await alignBy(use, { ...exact, ...more, microBatch: 4, answersAtOnce: 3 });
    expect(distance(whole.numbers, parts.numbers)).toBeLessThan(1e-5);
    expect(series(parts.events, 'mismatch').every((x) => x === 0)).toBe(true);
  });
  test('with an adapter: adapter off = copy', async () => {
    const adapter = { rank: 4, dropout: 0.5 };
    const off = await alignBy('grpo', { ...exact, beta: 0.2, adapter });
    const copy = await alignBy('grpo', { ...exact, beta: 0.2, adapter, reference: 'copy' });
    expect(distance(off.numbers, copy.numbers)).toBeLessThan(1e-6);
    expect(distance(off.numbers, (await alignBy('grpo', { ...exact, beta: 0 })).numbers)).toBeGreaterThan(1e-5);
  });
  test.each([
    ['ppo', { valueHead: 'separate', iterations: 3 }],
    ['ppo', { valueHead: 'shared', iterations: 3, miniBatches: 2, adaptiveKl: { target: 0.1, horizon: 100 } }],
    ['grpo', { iterations: 2, gold: [{ use: 'letter-a' }] }],
    ['reinforce', { baseline: 'running' }],
  ] as const)(
    '%s %j: cancelled in the middle of a round and started again, the same bits and numbers',
    async (use, more) => {
      const options = { ...brief, ...more, steps: 7, evalEvery: 2, keep: 'best', checkpointEvery: 2 };
      const whole = await alignBy(use, options);
      for (const at of [2, 4, 5]) {
        const store = memoryStore();
        const stop = new AbortController();
        const first = await failure(
          alignBy(use, options, {
            store,
            signal: stop.signal,
            watch: (event) => event.type === 'metric' && event.step === at && stop.abort(new Error('enough')),
          }),
        );
        expect(first.message).toContain('enough');
        const rest = await alignBy(use, options, { store });
        expect(distance(whole.numbers, rest.numbers)).toBe(0);
        for (const name of ['loss', 'reward', 'beta', 'heldOut/reward', 'goldDrop'])
          expect(series(rest.events, name)).toEqual(series(whole.events, name));
      }
    },
  );
});

test('a temperature is that of the draw and of the log-probabilities', async () => {
  const cold = await alignBy('grpo', { ...brief, temperature: 0.5 });
  const hot = await alignBy('grpo', { ...brief, temperature: 2 });
  expect(series(cold.events, 'entropy')[0]!).toBeLessThan(series(hot.events, 'entropy')[0]!);
  for (const { events } of [cold, hot]) expect(series(events, 'mismatch').every((x) => x === 0)).toBe(true);
});
test('a reward model at the port scores where no reward is named', async () => {
  const { events } = await alignBy('grpo', { ...brief, rewards: [] }, { from: { reward: 'given.reward' } });
  expect(series(events, 'reward').every(Number.isFinite)).toBe(true);
});
test('a mix is learnt beside the answers; of weight 0 it is only told', async () => {
  const from = { mix: 'given.mix' };
  const plain = await alignBy('ppo', brief);
  const told = await alignBy('ppo', { ...brief, mixWeight: 0 }, { from });
  const mixed = await alignBy('ppo', { ...brief, steps: 16, mixRows: 2 }, { from });
  expect(distance(plain.numbers, told.numbers)).toBe(0);
  const losses = series(mixed.events, 'loss/mix');
  expect(losses).toHaveLength(16);
  expect(losses.at(-1)!).toBeLessThan(losses[0]!);
});

describe('from pairs and no reward', () => {
  const options = {
    ...brief,
    rewards: [],
    generations: 2,
    iterations: 2,
    steps: 6,
    checkpointEvery: 2,
    rewardModel: { epochs: 4, lr: 1e-2, batch: 3 },
  };
  const from = { feedback: 'given.pairs' };
  test.each(['ppo', 'grpo'])('%s trains its reward model from them, and learns what they say', async (use) => {
    const { events } = await alignBy(use, { ...options, generations: 8, steps: 30, iterations: 1 }, { from });
    const losses = series(events, 'rewardModel/loss');
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    expect(events.find((event) => event.type === 'text' && event.text.includes('reward model of'))).toMatchObject({
      text: expect.stringMatching(/ranks \d+\.\d % of \d+ rows of held-out feedback right/),
    });
    const rewards = series(events, 'reward');
    expect(mean(rewards.slice(-6))).toBeGreaterThan(mean(rewards.slice(0, 4)));
  });
  test('cancelled in the reward model, and after it: the same bits', async () => {
    const whole = await alignBy('ppo', options, { from });
    const at = [
      ['rewardModel/loss', 3],
      ['rewardModel/loss', 12],
      ['reward', 1],
      ['reward', 3],
    ] as const;
    for (const [metric, step] of at) {
      const store = memoryStore();
      const stop = new AbortController();
      await failure(
        alignBy('ppo', options, {
          from,
          store,
          signal: stop.signal,
          watch: (event) =>
            event.type === 'metric' && event.step === step && metric in event.values && stop.abort(new Error('enough')),
        }),
      );
      const rest = await alignBy('ppo', options, { from, store });
      expect(distance(whole.numbers, rest.numbers)).toBe(0);
      for (const name of ['rewardModel/loss', 'loss', 'reward'])
        expect(series(rest.events, name)).toEqual(series(whole.events, name));
    }
  });
});
