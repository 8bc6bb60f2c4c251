// Planted faults are found and named: rewards that are wrong, a proxy that is exploited, entropy, KL and length that run away, and what cannot be wired.
import type { FamilyValue } from '@ingot/contracts';
import { gptFamily } from '@ingot/model-gpt';
import { affine } from '@ingot/tensor';
import { describe, expect, test } from 'vitest';
import {
  alignBy,
  brief,
  device,
  failure,
  feedbackRows,
  letterA,
  series,
  startModel,
  warnings,
  type WorldHow,
} from '../world.fixture.js';

const say = async (options: object, how: WorldHow & { readonly from?: Record<string, string> } = {}, use = 'grpo') =>
  failure(alignBy(use, { ...brief, ...options }, how));
const tripped = (events: Parameters<typeof warnings>[0], name: string) =>
  warnings(events).find((text) => text.startsWith(`Tripwire '${name}'`));
const wild = { ...brief, steps: 60, evalEvery: 5, watch: { samples: 2 }, optimiser: { use: 'adamw', lr: 0.03 } };

describe('rewards', () => {
  test('NaN, one number too few, one that throws', async () => {
    const rewards = {
      nan: ({ text }: { text: string }) => (text.includes('a') ? NaN : 1),
      few: { open: async () => ({ score: async () => [1], dispose: () => undefined }) },
      late: () => {
        throw new Error('the endpoint did not answer in 30 s');
      },
    };
    const of = (use: string) => say({ rewards: [{ use: 'letter-a' }, { use }] }, { rewards });
    const nan = await of('nan');
    expect(nan.code).toBe('bad-numbers');
    expect(nan.message).toMatch(
      /The stage 'grpo' at .*: reward 2 of 2 failed on \d+ answers: A reward gave NaN for answer \d+/,
    );
    expect((await of('few')).message).toMatch(/A reward gave 1 numbers for \d+ answers/);
    const late = await of('late');
    expect(late.code).toBe('bad-reward');
    expect(late.message).toContain(
      'the endpoint did not answer in 30 s. Mend the reward; the last checkpoint is kept.',
    );
  });
  test('nothing that scores; prompts that are none, or all held out', async () => {
    const rows = feedbackRows(4).map((row) => ({ ...row, completions: row.completions.slice(0, 1) }));
    expect((await say({ rewards: [] }, { rows })).message).toContain(
      'has nothing that scores answers, and its feedback no pairs to learn it from. Give rewards: [{ use: … }], wire',
    );
    expect((await say({}, { rows: [] })).message).toContain('was given no prompts');
  });
  test('answers that are all empty', async () => {
    // The end's embedding is so large that nothing else is ever drawn.
    const model = startModel();
    const silent = {
      ...model,
      read: async (name: string) => {
        const numbers = await model.read(name);
        if (name === 'norm.bias') return numbers.map((_, i) => (i === 0 ? 50 : 0));
        if (name === 'norm.weight') return numbers.fill(0);
        if (name === 'wte.weight') return numbers.map((x, i) => (i === 0 ? 5 : i % 16 === 0 ? -5 : x));
        return numbers;
      },
    };
    expect((await say({ watch: { samples: 0 } }, { model: silent })).message).toMatch(
      /at step 1: all 16 answers are empty\. Is the model tuned to answer in this chat format\? Run 'sft' before/,
    );
  });
});

describe('options that exclude each other', () => {
  test.each([
    ['grpo', { klEstimator: 'k1', beta: 0.1 }, 'has a gradient of zero on average'],
    ['grpo', { reference: 'none', beta: 0.1 }, 'goes with beta 0 alone'],
    ['online-dpo', { generations: 4 }, 'wanted generations 2, got 4'],
    ['rloo', { generations: 1 }, 'Give at least 2 generations'],
    ['grpo', { adaptiveKl: { target: 1 }, beta: 0 }, 'wanted a beta above 0'],
    ['grpo', { tokens: 99 }, 'leave no room for a prompt'],
  ] as const)('%s %j', async (use, options, text) => {
    expect((await say(options, {}, use)).message).toContain(text);
  });
});

describe('tripwires', () => {
  test('a flawed proxy: gold falls while the proxy rises, and the run is stopped', async () => {
    // The proxy pays for every a; people like one or two, and no more.
    const gold = ({ text }: { text: string }) => (letterA(text) <= 0.25 ? letterA(text) : 0.25 - letterA(text));
    const { events } = await alignBy('grpo', { ...wild, gold: [{ use: 'gold' }] }, { rewards: { gold } });
    expect(tripped(events, 'over-optimisation')).toMatch(
      /goldDrop is .* above 0\.5\. The gold reward falls while the reward that is learnt rises: the policy exploits the proxy.*Try: a higher beta/,
    );
    expect(series(events, 'loss').length).toBeLessThan(60);
    const [proxies, golds] = [series(events, 'heldOut/reward'), series(events, 'heldOut/gold')];
    expect(proxies.at(-1)!).toBeGreaterThan(proxies[0]!);
    expect(golds.at(-1)!).toBeLessThan(Math.max(...golds));
  });
  test('a reward that pays length', async () => {
    const rewards = { long: ({ text }: { text: string }) => text.length / 10 };
    const how = { ...wild, tokens: 16, rewards: [{ use: 'long' }], tripwires: { action: 'stop', lengthRatio: 1.3 } };
    const { events } = await alignBy('grpo', how, { rewards });
    expect(tripped(events, 'length-grows')).toMatch(/Answers grow longer: the reward may pay for length/);
    expect(series(events, 'reward/lengthCorrelation')[0]!).toBeGreaterThan(0.9);
    expect(series(events, 'loss').length).toBeLessThan(60);
  });
  test('entropy collapse, KL explosion, and groups with nothing to compare', async () => {
    const how = { ...wild, optimiser: { use: 'adamw', lr: 0.1 } };
    const { events } = await alignBy('grpo', how);
    expect(tripped(events, 'entropy-collapse')).toMatch(/says the same thing every time.*Try: entropyBonus 0\.01/);
    expect(tripped(events, 'kl')).toMatch(/has left the model that it started from \(KL explosion\)/);
    expect(tripped(events, 'nothing-to-compare')).toMatch(/they teach nothing/);
    const off = await alignBy('grpo', { ...how, tripwires: { action: 'off' } });
    expect(warnings(off.events).filter((text) => text.startsWith('Tripwire'))).toEqual([]);
    const stopped = await alignBy('grpo', { ...how, tripwires: { action: 'stop', patience: 1 } });
    expect(series(stopped.events, 'loss').length).toBeLessThan(60);
  });
  test('a mismatch on a device that claims row invariance ends the run; on one that does not it is told', async () => {
    // Decoding sees hidden states that are a ten-thousandth larger: what an engine does that samples with other kernels than it trains with.
    const family: FamilyValue = {
      ...gptFamily,
      forward: (of, weights, ids, context) => {
        const hidden = gptFamily.forward(of, weights, ids, context);
        return context?.cache ? affine(hidden, 1.0001, 0) : hidden;
      },
    };
    const error = await failure(alignBy('grpo', brief, { family }));
    expect(error.code).toBe('bad-numbers');
    expect(error.message).toMatch(
      /The stage 'grpo': Rollout and training disagree: token \d+ of answer \d+ had log-probability -[\d.]+ when it was drawn and has -[\d.]+ before the first update/,
    );
    const other = new Proxy(device, {
      get: (target, name) => (name === 'rowInvariant' ? false : Reflect.get(target, name, target)),
    });
    const { events } = await alignBy('grpo', brief, { family, on: other });
    expect(series(events, 'mismatch').every((x) => x > 0 && x < 1e-2)).toBe(true);
  });
});
