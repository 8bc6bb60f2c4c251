// The stage end to end: it overfits eight examples and stops, says what the lint saw, refuses planted faults, resumes to the same bits.
import { memoryStore, type RunEvent } from '@ingot/core';
import { loadParameters, type ExampleRow, type Message } from '@ingot/contracts';
import { gptFamily } from '@ingot/model-gpt';
import { plainWeights, referenceDevice } from '@ingot/tensor';
import { chatEncoder, chatFormats, encodePrompt } from '@ingot/text';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { asJson, numbersOf, runAll, tuningWorld } from '../tuning.fixture.js';
import { answers, type sftOptions, type sftView } from './index.js';

const ask = (content: string, answer: string): ExampleRow => ({
  messages: [
    { role: 'user', content },
    { role: 'assistant', content: answer },
  ],
});
const replies = ['up', 'to sea', 'a whale', 'no', 'Ahab', 'the end', 'blue', 'I am'];
const eight = replies.map((reply, i) => ask('abcdefgh'[i]!, reply));

type How = Omit<z.input<typeof sftOptions> & z.input<typeof sftView>, 'optimiser' | 'schedule'> & { lr?: number };
function pipeline(
  rows: readonly ExampleRow[],
  { lr = 1e-3, ...how }: How = {},
  more: { mix?: readonly ExampleRow[]; plain?: boolean } = {},
) {
  return tuningWorld().pipeline(
    'tune',
    (g) => {
      const { model } = g.add('base', {}, { plain: more.plain ?? false });
      const { examples } = g.add('rows', {}, { rows: asJson(rows) });
      const mix = more.mix && g.add('rows', {}, { rows: asJson(more.mix) }, 'mix').examples;
      const tuned = g.add(
        'sft',
        { model, examples, ...(mix && { mix }) },
        {
          steps: 3,
          batch: 4,
          samples: 2,
          sampleTokens: 4,
          optimiser: { use: 'adamw', lr },
          schedule: { use: 'constant' },
          ...how,
        },
      );
      return { model: tuned.model };
    },
    { seed: 1 },
  );
}
const warnings = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.text] : []));
const metrics = (events: readonly RunEvent[], name: string): number[] =>
  events.flatMap((event) => (event.type === 'metric' && name in event.values ? [event.values[name]!] : []));

test('eight examples are learnt by heart, and every answer ends where it should', async () => {
  const { results, events } = await runAll(pipeline(eight, { steps: 150, batch: 8, lr: 1e-2 }));
  const { model } = results;
  expect(model.design.chat).toEqual(chatFormats.chatml);
  const device = referenceDevice();
  const parameters = await loadParameters(device, gptFamily, model);
  const live = { device, family: gptFamily, design: model.design, weights: plainWeights(parameters) };
  const encoder = chatEncoder({ tokenizer: model.design.tokenizer, chat: chatFormats.chatml });
  const prompts = eight.map((row) => encodePrompt(encoder, (row as { messages: Message[] }).messages.slice(0, 1)));
  const said = answers(live, encoder, prompts, { tokens: 20, temperature: 0, seed: 1 });
  expect(said).toEqual(replies.map((text) => ({ text, ended: true })));
  const titles = events.flatMap((event) => (event.type === 'table' ? [event.title] : []));
  expect(titles).toEqual(['Lint of the examples', 'What is learnt of the first examples', 'Memory', 'Degeneration']);
  const shown = events.find((event) => event.type === 'table' && event.title.startsWith('What is learnt'));
  if (shown?.type !== 'table') throw new Error('no table of what is learnt');
  expect(new Set(shown.rows.map(({ weight }) => weight))).toEqual(new Set([0, 1]));
  const learnt = shown.rows.filter(({ weight }) => weight === 1);
  for (const { example, text } of learnt) expect(text).toBe(`${replies[Number(example)]}<|im_end|>`);
  expect(new Set(learnt.map(({ example }) => example)).size).toBe(3);
});

test('micro-batches change memory, and the model not at all beyond the order of sums', async () => {
  const [whole, parts] = await Promise.all(
    [{}, { microBatch: 1 }].map(async (how) =>
      numbersOf((await runAll(pipeline(eight, { ...how, neftune: 5 }))).results.model),
    ),
  );
  for (const [name, numbers] of whole!)
    numbers.forEach((x, i) => expect(Math.abs(x - parts!.get(name)![i]!)).toBeLessThan(1e-5));
});

test('an adapter learns, and the base stays; freezing freezes', async () => {
  const adapted = await runAll(pipeline(eight, { steps: 20, adapter: { rank: 4, modulesToSave: ['wte'] }, lr: 1e-2 }));
  const losses = metrics(adapted.events, 'loss');
  expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.2);
  const dropping = await runAll(
    pipeline(eight, { adapter: { rank: 4, dropout: 0.5 }, microBatch: 3, heldOut: 0.25, evalEvery: 1, lr: 1e-9 }),
  );
  expect(new Set(metrics(dropping.events, 'loss')).size).toBe(3);
  const [first = 0, ...later] = metrics(dropping.events, 'validationLoss');
  for (const loss of later) expect(Math.abs(loss - first)).toBeLessThan(1e-5);
  const base = (await numbersOf((await runAll(pipeline(eight, { steps: 1, lr: 1e-9 }))).results.model)).get(
    'wte.weight',
  )!;
  const frozen = await numbersOf((await runAll(pipeline(eight, { freeze: ['wte.*'] }))).results.model);
  frozen.get('wte.weight')!.forEach((x, i) => expect(Math.abs(x - base[i]!)).toBeLessThan(1e-7));
});

test('a mix is a share of what is seen, and validation is evaluated', async () => {
  const { events } = await runAll(
    pipeline(
      eight,
      { steps: 8, batch: 4, mixShare: 0.2, heldOut: 0.25, evalEvery: 4, keep: 'best' },
      { mix: [{ text: 'call me Ishmael' }] },
    ),
  );
  expect(metrics(events, 'validationLoss')).toHaveLength(3);
  // 6 examples of about 4 learnt tokens; the mix, 16 tokens of which the first has nothing before it, joins once a step.
  const alone = await runAll(pipeline(eight, { steps: 8, batch: 4, heldOut: 0.25, evalEvery: 4 }));
  const learnt = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  expect(learnt(metrics(events, 'learntTokens')) - learnt(metrics(alone.events, 'learntTokens'))).toBe(8 * 15);
  await expect(runAll(pipeline(eight, { keep: 'best', heldOut: 0 }))).rejects.toMatchObject({ code: 'bad-options' });
});

test('killed and started again: the same bits, and nothing is said twice', async () => {
  const whole = await runAll(pipeline(eight, { steps: 6, checkpointEvery: 2, neftune: 5 }));
  const store = memoryStore();
  const stop = new AbortController();
  const first = pipeline(eight, { steps: 6, checkpointEvery: 2, neftune: 5 }).run({ store, signal: stop.signal });
  first.events.subscribe((event) => {
    if (event.type === 'metric' && event.step === 3) stop.abort(new Error('enough'));
  });
  await expect(first.result()).rejects.toThrow();
  const second = await runAll(pipeline(eight, { steps: 6, checkpointEvery: 2, neftune: 5 }), { store });
  expect(await numbersOf(second.results.model)).toEqual(await numbersOf(whole.results.model));
  const lints = (events: readonly RunEvent[]): number =>
    events.filter((event) => event.type === 'table' && event.title === 'Lint of the examples').length;
  expect([lints(whole.events), lints(second.events)]).toEqual([1, 1]);
  expect(metrics(second.events, 'loss')).toEqual(metrics(whole.events, 'loss'));
});

test('a step is done again with the numbers that were logged', async () => {
  const store = memoryStore();
  const made = pipeline(eight, { steps: 4, neftune: 5, heldOut: 0.25 });
  await runAll(made, { store });
  const replay = await made.replay({ store, stage: 'sft', step: 3 });
  for (const name of ['loss', 'gradientNorm', 'lr', 'learntTokens', 'validationLoss'])
    expect(replay.values[name]).toBe(replay.logged?.[name]);
  const titles = replay.events.flatMap((event) => (event.type === 'table' ? [event.title] : []));
  expect(titles).toContain('Gradients at step 3, by block');
});

describe('planted faults', () => {
  const refused = async (rows: readonly ExampleRow[], text: RegExp, how: How = {}, more: { plain?: boolean } = {}) => {
    await expect(runAll(pipeline(rows, how, more))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(text),
    });
  };
  test('an empty response', () =>
    refused([...eight, ask('q', ' ')], /1 rows cannot be learnt from \(8\)\. Row 8: .*is empty/));
  test('an example whose tokens are all masked', () =>
    refused(
      [
        {
          messages: [
            { role: 'user', content: 'q' },
            { role: 'assistant', content: 'a', weight: 0 },
          ],
        },
      ],
      /All of its tokens are masked/,
    ));
  test('answers that are all cut off', () =>
    refused([ask('a', 'x'.repeat(60)), ask('b', 'y'.repeat(60))], /the model would never stop/, { maxTokens: 20 }));
  test('a conversation for a tokenizer without control tokens', () =>
    refused(eight, /no chat format/, {}, { plain: true }));
  test('bad rows are left out where that is asked for', async () => {
    const { events } = await runAll(pipeline([...eight, ask('q', '')], { badRows: 'leave-out' }));
    expect(warnings(events)[0]).toMatch(/^rows that can be learnt from: 1 rows cannot.*left out\.$/);
  });
  test('duplicates, alike responses and templates inside of texts are warned of', async () => {
    const same = Array.from({ length: 12 }, (_, i) => ask('abcdefghijkl'[i % 6]!, 'As a whale I sing.'));
    const rendered = ask('<|im_start|>user', 'a');
    const said = warnings((await runAll(pipeline([...same, rendered]))).events).join('\n');
    expect(said).toMatch(/duplicates: 6 examples/);
    expect(said).toMatch(/responses differ: .*they are alike/);
    expect(said).toMatch(/no template inside of texts: 1 examples \(12\)/);
  });
  test('another template than the model has', async () => {
    const world = tuningWorld().pipeline(
      'drift',
      (g) => {
        const { model } = g.add('base', {}, {});
        const { examples } = g.add('rows', {}, { rows: asJson(eight) });
        const chat = g.add('assume-chat', { model }, { because: 'a test' });
        const own = {
          ...chatFormats.chatml,
          name: 'mine',
          template: chatFormats.chatml.template.replace('role', "role'] + ['x"),
        };
        return { model: g.add('sft', { model: chat.model, examples }, { steps: 1, template: own }).model };
      },
      { seed: 1 },
    );
    await expect(runAll(world)).rejects.toMatchObject({
      code: 'bad-wiring',
      message: expect.stringContaining('Template drift'),
    });
  });
});

test('nothing stays on the device: after tuning, after a reward model, after a refusal', async () => {
  const device = referenceDevice();
  const made = (rows: readonly ExampleRow[]) =>
    tuningWorld(device).pipeline(
      'clean',
      (g) => {
        const { model } = g.add('base', {}, {});
        const { examples } = g.add('rows', {}, { rows: asJson(rows) });
        const how = {
          steps: 2,
          neftune: 5,
          smoothing: 0.1,
          adapter: { rank: 2 },
          heldOut: 0.25,
          keep: 'best',
        } as const;
        const { model: chat } = g.add('sft', { model, examples }, { ...how, samples: 1, sampleTokens: 2 });
        const feedback = [1, 2, 3].map((i) => ({ prompt: 'p'.repeat(i), completions: [{ text: 'a' }, { text: 'b' }] }));
        const pairs = g.add('pairs', {}, { rows: asJson(feedback) });
        return g.add('reward-model', { model: chat, feedback: pairs.feedback }, { steps: 2, heldOut: 0.4 });
      },
      { seed: 1 },
    );
  await runAll(made(eight));
  expect(device.memory().arrays).toBe(0);
  await expect(runAll(made([...eight, ask('q', '')]))).rejects.toMatchObject({ code: 'bad-input' });
  expect(device.memory().arrays).toBe(0);
});

test('prompts and completions want no chat format', async () => {
  const rows = replies.map((completion, i) => ({ prompt: 'abcdefgh'[i]!, completion }));
  const { results } = await runAll(pipeline(rows, {}, { plain: true }));
  expect(results.model.design.chat).toBeUndefined();
});

test('assumptions are recorded', async () => {
  const { results, events } = await runAll(
    tuningWorld().pipeline(
      'assumed',
      (g) => {
        const { model } = g.add('base', {}, {});
        const chat = g.add('assume-chat', { model }, { because: 'I tried it' });
        return { model: g.add('assume-aligned', { model: chat.model }, { because: 'I know it' }).model };
      },
      { seed: 1 },
    ),
  );
  expect(warnings(events)).toEqual([
    "Assumed to be a chat model that speaks 'chatml': I tried it",
    'Assumed to be aligned: I know it',
  ]);
  expect(results.model.design.chat).toEqual(chatFormats.chatml);
});
