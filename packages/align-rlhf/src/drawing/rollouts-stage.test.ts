// The stage `rollouts`: answers and scores that depend on nothing but the weights, the prompts and the seed; killed it goes on to the same; what it tells and refuses.
import { memoryStore, type RunEvent, type Store } from '@ingot/core';
import { stageSuite } from '@ingot/testing';
import { Device, type FeedbackRow, type RowsValue, type SampleRow } from '@ingot/contracts';
import { describe, expect, test } from 'vitest';
import { bestOf } from '../estimators/best-of.js';
import { device, failure, feedbackRows, letterA, plugins, world, type WorldHow } from '../world.fixture.js';

const brief = { rewards: [{ use: 'letter-a' }], tokens: 6, generations: 4, batch: 3 };
interface How extends WorldHow {
  readonly from?: Readonly<Record<string, string>>;
  readonly store?: Store;
  readonly seed?: number;
  watch?(event: RunEvent, cancel: () => void): void;
}
const recipe = (options: Readonly<Record<string, unknown>>, { from, seed = 5 }: How = {}) => ({
  name: 'drawn',
  seed,
  stages: {
    given: { use: 'given' },
    drawn: { use: 'rollouts', from: { model: 'given.model', prompts: 'given.prompts', ...from }, how: options },
  },
  outputs: { feedback: 'drawn.feedback', samples: 'drawn.samples' },
});
const rowsIn = async <Row>(value: unknown): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const row of (value as RowsValue<Row>).read()) rows.push(row);
  return rows;
};
async function draw(options: Readonly<Record<string, unknown>> = brief, how: How = {}) {
  const ingot = world(how);
  try {
    const run = ingot.fromRecipe(recipe(options, how)).run({ ...(how.store && { store: how.store }) });
    const events: RunEvent[] = [];
    run.events.subscribe((event) => {
      events.push(event);
      how.watch?.(event, () => run.cancel('enough'));
    });
    const { feedback, samples } = (await run.result()) as Record<string, unknown>;
    return { rows: await rowsIn<FeedbackRow>(feedback), samples: await rowsIn<SampleRow>(samples), events };
  } finally {
    await ingot.dispose();
  }
}
const texts = (rows: readonly FeedbackRow[]) => rows.map(({ completions }) => completions.map(({ text }) => text));
const tableOf = (events: readonly RunEvent[], title: string) =>
  events.flatMap((event) => (event.type === 'table' && event.title === title ? [event.rows] : []))[0];

describe('rollouts', () => {
  test('n answers a prompt, each with its score; samples say how they ended', async () => {
    const { rows, samples, events } = await draw();
    expect(rows.map(({ prompt }) => prompt)).toEqual([...new Set(feedbackRows().map(({ prompt }) => prompt))]);
    for (const { completions } of rows) {
      expect(completions).toHaveLength(4);
      for (const { text, score, rank, label } of completions)
        expect([score, rank, label]).toEqual([letterA(text), undefined, undefined]);
    }
    expect(samples.map(({ text }) => text)).toEqual(texts(rows).flat());
    for (const { tokens, ended } of samples) expect(ended === 'length' ? tokens === 6 : tokens <= 6).toBe(true);
    expect(new Set(samples.map(({ ended }) => ended))).toEqual(new Set(['length', 'end-of-text']));
    const metrics = events.filter((event) => event.type === 'metric');
    expect(metrics.map(({ step, total }) => [step, total])).toEqual([1, 2, 3].map((step) => [step, 3]));
    expect(metrics[0]?.values['kl']).toBeUndefined();
    expect(tableOf(events, 'Rollouts at step 3')).toHaveLength(8);
  });
  test('the same whatever is drawn beside it; another take or seed draws others', async () => {
    const { rows } = await draw();
    for (const more of [{ answersAtOnce: 3 }, { batch: 1 }, { batch: 64 }, { show: 0 }])
      expect((await draw({ ...brief, ...more })).rows).toEqual(rows);
    expect(texts((await draw({ ...brief, take: 1 })).rows)).not.toEqual(texts(rows));
    expect(texts((await draw(brief, { seed: 6 })).rows)).not.toEqual(texts(rows));
  });
  test('cancelled after any round and started again: the same rows and the same words', async () => {
    const options = { ...brief, batch: 2 };
    const told = (events: readonly RunEvent[]) =>
      events.flatMap((event) =>
        'replayed' in event && event.stage === 'drawn' ? [{ ...event, replayed: 'or not' }] : [],
      );
    const whole = await draw(options);
    for (const at of [1, 2, 4]) {
      const store = memoryStore();
      const first = await failure(
        draw(options, {
          store,
          watch: (event, cancel) => event.type === 'metric' && event.step === at && cancel(),
        }),
      );
      expect(first.code).toBe('cancelled');
      const rest = await draw(options, { store });
      expect(rest.rows).toEqual(whole.rows);
      expect(told(rest.events)).toEqual(told(whole.events));
      const replayed = rest.events.filter((event) => event.type === 'metric' && event.replayed).length;
      expect(replayed).toBe(at - 1); // rounds behind the checkpoint are not drawn again
    }
  });
  test('KL to a reference: exactly 0 to the model itself, above 0 to another one, and no answer changes by it', async () => {
    const own = await draw(brief, { from: { reference: 'given.model' } });
    const kl = tableOf(own.events, 'Rewards and lengths of the rollouts')?.find(({ measure }) =>
      String(measure).startsWith('KL to the reference, nats an answer'),
    );
    expect(kl).toMatchObject({ mean: 0, least: 0, largest: 0 });
    const other = await draw(brief, { from: { reference: 'given.other' } });
    const metrics = other.events.flatMap((event) => (event.type === 'metric' ? [event.values['kl']!] : []));
    expect(metrics.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0);
    expect(texts(other.rows)).toEqual(texts(own.rows));
  });
  test('several rewards are summed and told one by one; an answer that does not end is penalised', async () => {
    const rewards = [{ use: 'letter-a' }, { use: 'letters' }];
    const how = { rewards: { letters: ({ text }: { text: string }) => text.length } };
    const { rows, samples, events } = await draw({ ...brief, rewards, missingEndPenalty: 10 }, how);
    rows
      .flatMap(({ completions }) => completions)
      .forEach(({ text, score }, i) =>
        expect(score).toBeCloseTo(letterA(text) + text.length - (samples[i]!.ended === 'length' ? 10 : 0), 12),
      );
    expect(tableOf(events, 'Rewards and lengths of the rollouts')?.map(({ measure }) => measure)).toEqual(
      expect.arrayContaining(['reward', 'reward 1', 'reward 2', 'tokens']),
    );
    expect(tableOf(events, 'Rollouts at step 1')?.[0]).toHaveProperty('reward 2');
  });
  test('a reward model at the port scores; its best of k rises with k', async () => {
    const { events } = await draw({ ...brief, rewards: [] }, { from: { reward: 'given.reward' } });
    const best = tableOf(events, 'Best of k of the rollouts')!.map(({ reward }) => Number(reward));
    expect(best).toHaveLength(3);
    expect(best.toSorted((a, b) => a - b)).toEqual(best);
    expect(best[2]!).toBeGreaterThan(best[0]!);
  });
  test('what is refused, and what is warned of', async () => {
    expect((await failure(draw({ ...brief, rewards: [] }))).message).toMatch(
      /nothing that scores answers.*port 'reward'/,
    );
    expect((await failure(draw({ ...brief, tokens: 99 }))).message).toContain('leave no room for a prompt');
    const failing = { rewards: { broken: () => NaN } };
    expect((await failure(draw({ ...brief, rewards: [{ use: 'broken' }] }, failing))).message).toContain('in round 1');
    const flat = await draw({ ...brief, rewards: [{ use: 'same' }] }, { rewards: { same: () => 1 } });
    expect(flat.events.find((event) => event.type === 'warning')).toMatchObject({
      text: expect.stringContaining('100 % of the prompts have one reward for all of their 4 answers'),
    });
  });
});

test('best of k is the mean of the largest over all choices of k', () => {
  const scores = [3, -1, 2, 2, 7];
  const choices = (k: number, from: readonly number[]): number[][] =>
    k === 0 ? [[]] : from.flatMap((one, i) => choices(k - 1, from.slice(i + 1)).map((rest) => [one, ...rest]));
  for (let k = 1; k <= 5; k++) {
    const largest = choices(k, scores).map((some) => Math.max(...some));
    expect(bestOf(scores, k)).toBeCloseTo(largest.reduce((a, b) => a + b, 0) / largest.length, 12);
  }
  expect([bestOf(scores, 0), bestOf(scores, 6)]).toEqual([NaN, NaN]);
});

const kept = device.memory().arrays;
stageSuite('rollouts', {
  plugins: plugins(),
  services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
  recipe: recipe(brief),
  stage: 'drawn',
  views: [{ answersAtOnce: 2 }, { show: 1 }],
  options: [{ generations: 3 }, { temperature: 0.5 }, { take: 1 }, { missingEndPenalty: 1 }, { batch: 2 }],
  held: () => device.memory().arrays - kept,
});
