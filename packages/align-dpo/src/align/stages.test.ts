// Every method learns on the shared loop; options do what they say; faults are found. What may not change the model: tests/alignment/equivalences.test.ts.
import { memoryStore, type RunEvent } from '@ingot/core';
import { describe, expect, test } from 'vitest';
import { alignBy, brief, distance, failure, feedbackRows, series } from './world.fixture.js';

const methods = ['dpo', 'ipo', 'kto', 'bco', 'simpo', 'orpo', 'cpo', 'sppo', 'rpo', 'apo-zero'];
const warnings = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.text] : []));

describe('methods', () => {
  test.each(methods)('%s: the word alone is exchanged, and chosen answers gain on rejected ones', async (use) => {
    const { events, numbers } = await alignBy(use, { ...brief, steps: 12, batch: 8 });
    const chosen = series(events, 'logps/chosen');
    const rejected = series(events, 'logps/rejected');
    expect(series(events, 'loss')).toHaveLength(12);
    expect(chosen.at(-1)! - rejected.at(-1)!).toBeGreaterThan(chosen[0]! - rejected[0]!);
    expect(Object.values(numbers).every((all) => all.every(Number.isFinite))).toBe(true);
    expect(series(events, 'heldOut/loss').length).toBeGreaterThan(1);
    expect(series(events, 'kl')[0]).toBe(0);
  });
  test.each([{ use: 'sigmoid', ldAlpha: 0.5 }, { use: 'aot' }, { use: 'kto' }, { use: 'exo' }, { use: 'discopop' }])(
    'dpo with loss $use',
    async (loss) => {
      const { events } = await alignBy('dpo', { ...brief, loss });
      expect(series(events, 'loss').every(Number.isFinite)).toBe(true);
    },
  );
});

test('cancelled and started again: the same bits and the same numbers', async () => {
  for (const options of [
    { ...brief, checkpointEvery: 2 },
    { ...brief, reference: 'copy', referenceSync: { every: 2, alpha: 0.5 } },
  ]) {
    const whole = await alignBy('dpo', options);
    const store = memoryStore();
    const stop = new AbortController();
    const first = await failure(
      alignBy('dpo', options, {
        store,
        signal: stop.signal,
        watch: (event) => event.type === 'metric' && event.step === 3 && stop.abort(new Error('enough')),
      }),
    );
    expect(first.message).toContain('enough');
    const rest = await alignBy('dpo', options, { store });
    expect(distance(whole.numbers, rest.numbers)).toBe(0);
    expect(series(rest.events, 'loss')).toEqual(series(whole.events, 'loss'));
    expect(series(rest.events, 'kl')).toEqual(series(whole.events, 'kl'));
  }
});

describe('what options do', () => {
  test('an adapter comes out beside the merged weights; without one there is none', async () => {
    const { model } = await alignBy('dpo', { ...brief, adapter: { rank: 2 } });
    expect(model.adapter?.config.layers['blocks.0.attention.qkv']).toEqual({ rank: 2, alpha: 2 });
    expect((await model.adapter?.read('blocks.0.attention.qkv.B'))?.some((x) => x !== 0)).toBe(true);
    expect((await alignBy('dpo', brief)).model.adapter).toBeUndefined();
  });
  test('a mix adds its loss; beta moves on a line; the reference that follows gives other numbers', async () => {
    const plain = await alignBy('dpo', brief);
    const mixed = await alignBy('dpo', brief, { from: { mix: 'given.mix' } });
    expect(series(mixed.events, 'loss/mix')).toHaveLength(4);
    expect(distance(plain.numbers, mixed.numbers)).toBeGreaterThan(1e-4);
    const moved = await alignBy('dpo', { ...brief, beta: 0.1, betaTo: 0.4 });
    expect(series(moved.events, 'beta').map((b) => Number(b.toFixed(6)))).toEqual(
      [0.1, 0.2, 0.3, 0.4, 0.4].slice(0, series(moved.events, 'beta').length),
    );
    const copy = { ...brief, reference: 'copy' };
    const followed = await alignBy('dpo', { ...copy, referenceSync: { every: 1, alpha: 1 } });
    expect(distance((await alignBy('dpo', copy)).numbers, followed.numbers)).toBeGreaterThan(1e-5);
  });
  test('frozen parameters stay; keep best gives the best evaluation', async () => {
    const start = await alignBy('dpo', { ...brief, steps: 1, optimiser: { use: 'sgd', lr: 1e-30 } });
    const frozen = await alignBy('dpo', { ...brief, freeze: ['wte.*', 'blocks.0.attention.*'] });
    expect(frozen.numbers['wte.weight']).toEqual(start.numbers['wte.weight']);
    expect(frozen.numbers['blocks.0.mlp.up.weight']).not.toEqual(start.numbers['blocks.0.mlp.up.weight']);
    const best = await alignBy('dpo', {
      ...brief,
      steps: 6,
      keep: 'best',
      evalEvery: 1,
      optimiser: { use: 'adamw', lr: 0.5 },
    });
    const scores = series(best.events, 'heldOut/loss');
    const again = await alignBy('dpo', {
      ...brief,
      steps: 6,
      keep: 'last',
      evalEvery: 1,
      optimiser: { use: 'adamw', lr: 0.5 },
    });
    expect(Math.min(...scores)).toBeLessThan(scores.at(-1)!);
    expect(distance(best.numbers, again.numbers)).toBeGreaterThan(1e-3);
  });
  test('options that exclude each other are refused', async () => {
    expect((await failure(alignBy('dpo', { ...brief, reference: 'adapter-off' }))).message).toContain(
      'wants an adapter',
    );
    expect((await failure(alignBy('dpo', { ...brief, referenceSync: {} }))).message).toContain(
      "wanted reference: 'copy'",
    );
    expect((await failure(alignBy('orpo', { ...brief, betaTo: 1 }))).message).toContain('its loss has none');
    expect((await failure(alignBy('dpo', { ...brief, maxTokens: 99 }))).message).toContain('reads at most 24 tokens');
  });
});

describe('planted faults', () => {
  const row = feedbackRows(1)[0]!;
  test('a base model does not plan', async () => {
    expect((await failure(alignBy('dpo', brief, { from: { model: 'given.base' } }))).code).toBe('bad-wiring');
  });
  test('an empty completion, one completion, identical pairs, swapped columns', async () => {
    const say = async (rows: readonly (typeof row)[], use = 'dpo') =>
      (await failure(alignBy(use, brief, { rows }))).message;
    expect(await say([row, { ...row, completions: [{ text: ' ' }, { text: 'b' }] }])).toMatch(
      /row 1 \(".*"\) has an empty completion 0/,
    );
    expect(await say([{ ...row, completions: [{ text: 'b' }] }])).toContain(
      'Give two or more, or take a method that learns from labels (kto)',
    );
    expect(await say([{ ...row, completions: [{ text: 'b' }, { text: 'b' }] }])).toContain(
      'found no pair to learn from in 1 rows: 1 have the same text',
    );
    const swapped = feedbackRows(6).map((one) => ({
      ...one,
      completions: one.completions.map((c, i) => ({ ...c, score: i })),
    }));
    expect(await say(swapped)).toContain('Are the columns swapped?');
    expect(await say([{ ...row, completions: [{ text: 'b' }] }], 'kto')).toContain('Say label: true or false');
  });
  test('some identical pairs are left out with a warning', async () => {
    const rows = [...feedbackRows(12), { ...row, completions: [{ text: 'b' }, { text: 'b' }] }];
    expect(warnings((await alignBy('dpo', brief, { rows })).events)).toContainEqual(
      expect.stringContaining('1 pairs have the same text'),
    );
  });
  test('reference log-probabilities of other feedback are refused', async () => {
    const before = {
      scores: {
        use: 'reference-scores',
        from: { model: 'given.model', feedback: 'given.feedback' },
        how: { maxTokens: 12 },
      },
    };
    expect(
      (await failure(alignBy('dpo', brief, { before, from: { reference: 'scores.reference' } }))).message,
    ).toContain('made with maxTokens 12, this stage has 24');
  });
  test('likelihood displacement trips its wire, names the cause and the remedies, and stops when it is told to', async () => {
    // With a rate this high both sides fall.
    const wild = { ...brief, steps: 30, evalEvery: 5, optimiser: { use: 'adamw', lr: 0.05 }, beta: 0.01 };
    const warned = await alignBy('dpo', wild);
    const said = warnings(warned.events).find((text) => text.includes('likelihood-displacement'));
    expect(said).toMatch(
      /displacement is -.*below -0\.5\. The chosen answers become less likely.*Try: a higher beta; an SFT mix/,
    );
    const stopped = await alignBy('dpo', { ...wild, tripwires: { action: 'stop' } });
    expect(series(stopped.events, 'loss').length).toBeLessThan(30);
    const off = await alignBy('dpo', { ...wild, tripwires: { action: 'off' } });
    expect(warnings(off.events).filter((text) => text.startsWith('Tripwire'))).toEqual([]);
  });
});
