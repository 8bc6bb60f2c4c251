// The stage end to end on the reference device: what it learns, says, keeps and refuses.
import { IngotError, memoryStore, type RunEvent } from '@ingot/core';
import { referenceDevice } from '@ingot/tensor';
import { describe, expect, it } from 'vitest';
import { brief, pipeline, said, shape, tokenizer, train, world, type PretrainHow } from './world.fixture.js';

const metrics = (events: readonly RunEvent[]) => events.flatMap((event) => (event.type === 'metric' ? [event] : []));
async function refused(work: Promise<unknown>): Promise<IngotError> {
  try {
    await work;
  } catch (error) {
    if (IngotError.is(error)) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('pretrain', () => {
  it('is refused before any work where the device can never hold it', async () => {
    const { code, message } = await refused(train(pipeline(world({ ...referenceDevice(), limit: 1000 }), brief)));
    expect(code).toBe('out-of-memory');
    expect(message).toMatch(
      /^Pretraining would need about 0\.\d MB, and device 'reference' can hold 0\.0 MB whatever the machine has\. Try another device/,
    );
  });

  it('begins at ln V and overfits a small text', async () => {
    const { events } = await train(
      pipeline(
        world(),
        { ...brief, steps: 150, length: 16, evalEvery: 50, schedule: { use: 'cosine', warmup: 5 } },
        1,
        { ...shape, width: 32, tied: false },
      ),
    );
    const losses = metrics(events).map(({ values }) => values['loss']!);
    // Untied, initial logits have a deviation of 0.02·√32 = 0.11: that adds 0.006 nats, and 0.11 / √64 = 0.014 of noise.
    expect(Math.abs(losses[0]! - Math.log(tokenizer.vocabSize))).toBeLessThan(0.05);
    expect(losses.at(-1)).toBeLessThan(0.35);
    const last = metrics(events).at(-1)!;
    expect(last).toMatchObject({ step: 150, total: 150 });
    expect(last.values['validationLoss']).toBeLessThan(0.5);
    // One character is one byte here.
    expect(last.values['validationBitsPerByte']).toBeCloseTo(last.values['validationLoss']! / Math.log(2), 10);
  });

  it('says what it does: metrics of each step, evaluations, best marks, samples, memory', async () => {
    const { events } = await train(
      pipeline(world(), { ...brief, sampleEvery: 6, prompts: ['the ', ''], sampleTokens: 5, checkpointEvery: 5 }),
    );
    const steps = metrics(events);
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (const { values } of steps)
      for (const name of [
        'loss',
        'lr',
        'gradientNorm',
        'tokensPerSecond',
        'flopsUtilisation',
        'millisecondsPerStep',
        'etaSeconds',
      ])
        expect(values[name]).toBeGreaterThanOrEqual(0);
    expect(steps.filter(({ values }) => 'validationLoss' in values).map(({ step }) => step)).toEqual([4, 8, 12]);
    const samples = events.flatMap((event) => (event.type === 'sample' ? [event] : []));
    expect(samples.map(({ prompt }) => prompt)).toEqual(['the ', '', 'the ', '']);
    for (const { text } of samples) expect([...text].length).toBeLessThanOrEqual(5);
    expect(
      events.flatMap((event) => (event.type === 'checkpoint' && event.label === 'last' ? [event.step] : [])),
    ).toEqual([5, 10]);
    const peak = events.flatMap((event) =>
      event.type === 'text' && event.text.startsWith('Peak memory') ? [event.text] : [],
    );
    expect(peak).toHaveLength(1);
    const [predicted, measured] = /predicted ([\d.]+) MB, measured ([\d.]+) MB/
      .exec(peak[0]!)!
      .slice(1)
      .map(Number) as [number, number];
    expect(predicted).toBeGreaterThan(0);
    expect(measured).toBeGreaterThan(0);
  });

  it('frees every array, at the end and after an error', async () => {
    const { ingot, device } = world();
    await train(pipeline({ ingot, device }));
    expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
    await refused(train(pipeline({ ingot, device }, { ...brief, clip: null, optimiser: { use: 'sgd', lr: 1e30 } })));
    expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
  });

  it('gives the same model for the same seed, another for another, whatever the view', async () => {
    const first = await train(pipeline(world()));
    const again = await train(
      pipeline(world(), { ...brief, logEvery: 3, sampleEvery: 2, checkpointEvery: 2, anomaly: true }),
    );
    expect(again.numbers).toEqual(first.numbers);
    expect((await train(pipeline(world(), brief, 2))).numbers).not.toEqual(first.numbers);
  });

  it('learns the same from one batch of 4 as from 4 micro-batches of 1, with dropout', async () => {
    const design = { ...shape, dropout: 0.2 };
    const whole = await train(pipeline(world(), brief, 1, design));
    const parts = await train(pipeline(world(), { ...brief, batch: 1, accumulation: 4 }, 1, design));
    // Sums of gradients run in another order; Adam turns differences near zero into steps of up to lr, so the losses are compared.
    metrics(parts.events).forEach(({ values }, i) =>
      expect(Math.abs(values['loss']! - metrics(whole.events)[i]!.values['loss']!)).toBeLessThan(1e-4),
    );
    const dry = await train(pipeline(world(), { ...brief, dropout: false }, 1, design));
    expect(metrics(dry.events)[0]!.values['loss']).not.toBe(metrics(whole.events)[0]!.values['loss']);
  });

  it('keeps the best weights when asked', async () => {
    // Another order of the same characters: what is learnt by heart does not help there.
    const backwards = [...'the whale swims on, and the sea is wide; '].reverse().join('');
    const how: PretrainHow = { ...brief, steps: 60, evalEvery: 5, keep: 'best', optimiser: { use: 'adamw', lr: 3e-2 } };
    const best = await train(pipeline(world(), how, 1, shape, { repeats: 4, validation: backwards }));
    const marks = best.events.flatMap((event) =>
      event.type === 'checkpoint' && event.label === 'best' ? [event.step] : [],
    );
    const losses = metrics(best.events).flatMap(({ step, values }) =>
      values['validationLoss'] === undefined ? [] : [[step, values['validationLoss']] as const],
    );
    const lowest = losses.reduce((a, b) => (b[1] < a[1] ? b : a));
    expect(marks.at(-1)).toBe(lowest[0]);
    expect(lowest[0]).toBeLessThan(60);
    const last = await train(
      pipeline(world(), { ...how, keep: 'last' }, 1, shape, { repeats: 4, validation: backwards }),
    );
    expect(said(last.events)).toEqual(said(best.events));
    expect(last.numbers).not.toEqual(best.numbers);
  });
});

describe('the plan', () => {
  it('predicts bytes and operations once the design is made', async () => {
    const store = memoryStore();
    const made = pipeline(world());
    const cost = async () => (await made.plan({ store })).find(({ stage }) => stage === 'pretrain')!.estimate;
    expect(await cost()).toBeUndefined();
    await train(pipeline(world(), { ...brief, steps: 1 }), { store });
    const { bytes, flops } = (await cost())!;
    const { layers, width } = shape;
    const body = layers * (12 * width ** 2 + 13 * width) + 2 * width + tokenizer.vocabSize * width;
    expect(flops).toBe(12 * 4 * 8 * (6 * body + 12 * layers * width * 8));
    expect(bytes).toBeGreaterThan(16 * body);
  });
});

describe('a cancelled run', () => {
  it.each([1, 3, 4, 7, 11])('goes on from step %i to the same bits and the same log', async (at) => {
    const how: PretrainHow = { ...brief, sampleEvery: 3, sampleTokens: 3, checkpointEvery: 5, keep: 'best' };
    const whole = await train(pipeline(world(), how));
    const store = memoryStore();
    const stop = new AbortController();
    const { ingot, device } = world();
    const made = pipeline({ ingot, device }, how);
    const run = made.run({ store, signal: stop.signal });
    run.events.subscribe((event) => {
      if (event.type === 'metric' && event.step === at) stop.abort('enough');
    });
    expect((await refused(run.result())).code).toBe('cancelled');
    expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });

    const rest = await train(pipeline(world(), how), { store });
    expect(rest.numbers).toEqual(whole.numbers);
    expect(said(rest.events)).toEqual(said(whole.events));
    // It did go on: what was done before came from the checkpoint's log.
    expect(rest.events.some((event) => event.type === 'metric' && event.replayed && event.step === at)).toBe(true);
  });
});

describe('what cannot run', () => {
  const attempt = (
    how: PretrainHow,
    text: { repeats?: number; validation?: string } = {},
    design: typeof shape | object = shape,
  ) => refused(Promise.resolve().then(() => train(pipeline(world(), how, 1, design, text))));

  it('is refused before any work, with the reason', async () => {
    const cases: readonly (readonly [string, string, Promise<IngotError>])[] = [
      ['bad-options', 'NaN', attempt({ ...brief, optimiser: { use: 'adamw', lr: Number.NaN } })],
      ['bad-options', 'steps 12 and tokens 100', attempt({ ...brief, tokens: 100 })],
      ['bad-options', "length 17, but the design's context is 16", attempt({ ...brief, length: 17 })],
      [
        'bad-input',
        'The training split holds 41 tokens, but one step of 64 rows of 8 wants 513',
        attempt({ ...brief, batch: 64 }, { repeats: 1 }),
      ],
      ['bad-input', '', attempt({ ...brief, sampleEvery: 5, prompts: ['Ω'] })],
      ['bad-options', 'no validation text', attempt({ ...brief, keep: 'best' }, { validation: '' })],
    ];
    for (const [code, text, error] of cases) {
      expect((await error).message).toContain(text);
      expect((await error).code).toBe(code);
    }
  });
  it('tells of tokens of another tokenizer', async () => {
    const made = world().ingot.pipeline('foreign', (g) => {
      const { design } = g.add('gpt', { tokenizer: g.add('corpus', {}).tokenizer }, shape);
      return g.add('pretrain', { design, tokens: g.add('foreign', {}).tokens }, brief);
    });
    expect((await refused(Promise.resolve().then(() => made.run().result()))).code).toBe('bad-wiring');
  });
  it('warns without validation text', async () => {
    const { events } = await train(pipeline(world(), brief, 1, shape, { validation: '' }));
    expect(events.some((event) => event.type === 'warning' && event.text.includes('no validation text'))).toBe(true);
  });
  it('stops at a NaN, naming the first op', async () => {
    const error = await attempt({ ...brief, clip: null, optimiser: { use: 'sgd', lr: 1e30 } });
    expect(error.code).toBe('bad-numbers');
    expect(error.message).toMatch(/stopped at step \d+: .*The first op that made it: [\w-]+: wanted finite numbers/s);
  });
});
