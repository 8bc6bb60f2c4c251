// The stages on a tiny model: contract, what they make, kill and resume by blocks, what is refused.
import { IngotError, memoryStore } from '@ingot/core';
import { stageSuite } from '@ingot/testing';
import { describe, expect, it } from 'vitest';
import { constitutions } from './index.js';
import { eventsOf, ingot, plugins, shared } from './world.fixture.js';

const held = () => shared.memory().arrays;
const sources = {
  model: { use: 'a-chat-model' },
  prompts: { use: 'some-prompts', how: { count: 3 } },
};
const revise = {
  name: 'revise',
  stages: {
    ...sources,
    revise: {
      use: 'critique-revise',
      from: { model: 'model.model', prompts: 'prompts.prompts' },
      how: { tokens: 5, sampler: [] },
    },
  },
  outputs: { examples: 'revise.examples', report: 'revise.report' },
} as const;
stageSuite('critique-revise', {
  plugins,
  held,
  recipe: revise,
  stage: 'revise',
  views: [{ batch: 2 }, { saveEvery: 1 }, { show: 0 }],
  options: [
    { constitution: 'finance' },
    { principles: 'all' },
    { revisions: 2 },
    { tokens: 4 },
    { examples: [{ role: 'user', content: 'x' }] },
    { judge: { use: 'scripted', says: 'longer' } },
  ],
});
stageSuite('ai-feedback', {
  plugins,
  held,
  recipe: {
    name: 'prefer',
    stages: {
      ...sources,
      prefer: {
        use: 'ai-feedback',
        from: { model: 'model.model', prompts: 'prompts.prompts' },
        how: { tokens: 5, sampler: [], judge: { use: 'scripted', says: 'longer' } },
      },
    },
    outputs: { feedback: 'prefer.feedback', report: 'prefer.report' },
  },
  stage: 'prefer',
  views: [{ batch: 2 }, { saveEvery: 1 }, { show: 0 }],
  options: [
    { constitution: 'health' },
    { clamp: [0.4, 0.6] },
    { judge: { use: 'scripted', says: 'first' } },
    { tokens: 4 },
  ],
});

const all = async <Row>(value: { read(): AsyncIterable<Row> }): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const row of value.read()) rows.push(row);
  return rows;
};
const preferring = (how: { says: 'first' | 'longer' | 'throws' | 'hangs'; clamp?: [number, number]; count?: number }) =>
  ingot.pipeline('prefer', (g) => {
    const { model } = g.add('a-chat-model', {});
    const { prompts } = g.add('some-prompts', {}, { count: how.count ?? 4, given: true });
    return g.add(
      'ai-feedback',
      { model, prompts },
      {
        judge: { use: 'scripted', says: how.says },
        sampler: [],
        retries: 0,
        timeoutMs: 20,
        ...(how.clamp ? { clamp: how.clamp } : {}),
      },
    );
  });

describe('critique-revise', () => {
  it('gives conversations with the revised answer, and tells principle by principle', async () => {
    const run = ingot.fromRecipe(revise).run({ store: memoryStore() });
    const events = eventsOf(run);
    const { examples, report } = (await run.result()) as {
      examples: { rows: number; read(): AsyncIterable<{ messages: { role: string; content: string }[] }> };
      report: { rows: { name: string; values: Record<string, number> }[]; notes: string[] };
    };
    const rows = await all(examples);
    expect(rows.map(({ messages }) => messages.map(({ role }) => role))).toEqual(rows.map(() => ['user', 'assistant']));
    expect(rows).toHaveLength(examples.rows);
    expect(rows.every(({ messages }) => (messages[1]?.content.length ?? 0) > 0)).toBe(true);
    expect(report.rows.map(({ name }) => name)).toEqual([
      ...constitutions.general.principles.map(({ id }) => id),
      'first answers',
    ]);
    const applied = report.rows.slice(0, -1).reduce((sum, { values }) => sum + values['applied']!, 0);
    expect(applied).toBe(examples.rows);
    expect(
      events.filter(({ type }) => type === 'sample').map((event) => ('text' in event ? event.text : ''))[0],
    ).toMatch(/^\[answer\] [^]*\[critique: [^]*\[revision: /);
  });
  it('with a judge: the win rate of each principle, from both orders; a position alone is a tie; a judge that throws is told', async () => {
    const judged = async (says: 'longer' | 'first' | 'throws') => {
      const { revise: stage, ...others } = revise.stages;
      const how = { ...stage.how, principles: 'all' as const, judge: { use: 'scripted', says }, retries: 0 };
      const run = ingot
        .fromRecipe({ ...revise, stages: { ...others, revise: { ...stage, how } } })
        .run({ store: memoryStore() });
      const events = eventsOf(run);
      const { report } = (await run.result()) as {
        report: { rows: { name: string; values: Record<string, number> }[] };
      };
      const rows = report.rows.slice(0, -1).map(({ values }) => values);
      const sum = (field: string) => rows.reduce((total, values) => total + (values[field] ?? 0), 0);
      return { rows, events, changed: sum('changed'), asked: sum('judged'), missing: sum('missing') };
    };
    const longer = await judged('longer');
    expect(longer.changed).toBeGreaterThan(0);
    expect(longer.asked).toBe(longer.changed);
    for (const { judged: of = 0, 'win rate': rate = -1, low = 2, high = -1 } of longer.rows.filter(
      (row) => 'judged' in row,
    )) {
      expect(Math.abs(2 * rate * of - Math.round(2 * rate * of))).toBeLessThan(2e-4 * of); // a rate of halves, with four digits
      expect(low).toBeLessThan(high);
    }
    const first = await judged('first');
    for (const row of first.rows.filter(({ judged: of }) => of)) expect(row['win rate']).toBe(0.5);
    const throwing = await judged('throws');
    expect([throwing.asked, throwing.missing]).toEqual([0, longer.changed]);
    expect(throwing.events.some((event) => event.type === 'warning' && event.text.includes('not at home'))).toBe(true);
  });
  it('refuses a model without a chat format, and prompts that leave no room', async () => {
    const failing = (how: { context?: number; chat?: boolean }) =>
      ingot
        .pipeline('refused', (g) => {
          const { model } = g.add('a-chat-model', {}, how);
          const { prompts } = g.add('some-prompts', {});
          return g.add('critique-revise', { model, prompts }, { tokens: 4, sampler: [] });
        })
        .run({ store: memoryStore() })
        .result();
    await expect(failing({ chat: false })).rejects.toThrow(/no chat format/);
    await expect(failing({ context: 64 })).rejects.toThrow(/not one example came of 5 prompts.*5 too long/s);
  });
});

describe('a run that was stopped goes on to the same rows', () => {
  for (const stage of ['critique-revise', 'ai-feedback'] as const)
    it(stage, async () => {
      const pipeline = ingot.fromRecipe({
        name: 'stopped',
        stages: {
          ...sources,
          it: {
            use: stage,
            from: { model: 'model.model', prompts: 'prompts.prompts' },
            how: {
              tokens: 5,
              sampler: [],
              batch: 1,
              saveEvery: 1,
              ...(stage === 'ai-feedback' ? { judge: { use: 'scripted', says: 'longer' } } : {}),
            },
          },
        },
        outputs: { rows: stage === 'ai-feedback' ? 'it.feedback' : 'it.examples', report: 'it.report' },
      });
      const rowsOf = async (value: unknown) => {
        const { rows, report } = value as { rows: { read(): AsyncIterable<object> }; report: object };
        return { rows: await all(rows), report };
      };
      const whole = await rowsOf(await pipeline.run({ store: memoryStore() }).result());
      const store = memoryStore();
      const stop = new AbortController();
      const first = pipeline.run({ store, signal: stop.signal });
      first.events.subscribe((event) => {
        if (event.type === 'metric' && event.step === 2) stop.abort('a test');
      });
      await expect(first.result()).rejects.toMatchObject({ code: 'cancelled' });
      const second = pipeline.run({ store });
      const events = eventsOf(second);
      expect(await rowsOf(await second.result())).toEqual(whole);
      expect(events.filter((event) => event.type === 'metric' && event.replayed).length).toBeGreaterThan(0);
    });
});

describe('ai-feedback', () => {
  it('soft labels: the better first, its probability as score, twice the distance from a half as margin', async () => {
    const { feedback, report } = await preferring({ says: 'longer' }).run({ store: memoryStore() }).result();
    const [row] = await all(feedback);
    expect(row).toEqual({
      prompt: 'question 0',
      completions: [
        { text: 'a longer answer 0', label: true, rank: 0, score: 0.8 },
        { text: 'short', label: false, rank: 1, score: expect.closeTo(0.2, 12) },
      ],
      margin: expect.closeTo(0.6, 12),
    });
    expect(report.rows.reduce((sum, { values }) => sum + Number(values['asked']), 0)).toBe(4);
    const clamped = await preferring({ says: 'longer', clamp: [0.4, 0.6] })
      .run({ store: memoryStore() })
      .result();
    expect((await all(clamped.feedback))[0]?.completions[0]?.score).toBe(0.6);
  });
  it('a judge that likes the first position is cancelled by the swap: ties, and a warning', async () => {
    const run = preferring({ says: 'first' }).run({ store: memoryStore() });
    const events = eventsOf(run);
    const { feedback, report } = await run.result();
    expect(feedback.rows).toBe(0);
    expect(report.rows.reduce((sum, { values }) => sum + Number(values['ties']), 0)).toBe(4);
    expect(events.some((event) => event.type === 'warning' && event.text.includes('positions alone'))).toBe(true);
  });
  it('a judge that throws or never answers fails the stage, with what was got', async () => {
    for (const [says, why] of [
      ['throws', /no verdict on 4 of 4 .*not at home/],
      ['hangs', /no answer within 20 ms/],
    ] as const) {
      const failed = await preferring({ says })
        .run({ store: memoryStore() })
        .result()
        .catch((error: unknown) => error);
      expect(IngotError.is(failed)).toBe(true);
      expect(String(failed)).toMatch(why);
    }
  });
});
