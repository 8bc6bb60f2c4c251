// The stage `generate` through a real ingot: its samples, its events, its seed, and what it refuses.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { device, Model, type SampleRow } from '@ingot/contracts';
import { fakeDesign, fakeFamilyPart, modelOfDesign } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, defineStage, memoryStore, type RunEvent } from '@ingot/core';
import {
  BYTE_CHARACTERS,
  byteLevelJson,
  charactersJson,
  END_OF_TEXT,
  loadTokenizer,
  tokenizerValue,
} from '@ingot/text';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { promptIds } from './generate-stage.js';
import { sampling } from './index.js';

const bytes = tokenizerValue(
  byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].toSorted()], [], [END_OF_TEXT], 'gpt2'),
);
const design = fakeDesign(bytes, 4);
const world = definePlugin({
  name: 'test/world',
  parts: [fakeFamilyPart],
  stages: [
    defineStage({
      name: 'a-model',
      version: 1,
      inputs: {},
      outputs: { model: Model },
      options: z.strictObject({ scale: z.number().default(0) }),
      async *run({ options }) {
        return { model: modelOfDesign(design, options.scale) };
      },
    }),
  ],
});
const ingot = createIngot({ plugins: [device('reference'), world, sampling] });

type How = {
  readonly prompts?: string[];
  readonly count?: number;
  readonly tokens?: number;
  readonly stop?: string[];
  readonly atContextEnd?: 'stop' | 'slide';
  readonly sampler?: { readonly use: 'top-k'; readonly k: number }[];
};
const start = (how: How, { seed = 0, scale = 0 } = {}) =>
  ingot
    .pipeline('samples', (g) => g.add('generate', { model: g.add('a-model', {}, { scale }).model }, how), { seed })
    .run({ store: memoryStore() });
const rowsOf = async (run: ReturnType<typeof start>): Promise<SampleRow[]> => {
  const { samples } = await run.result();
  const rows: SampleRow[] = [];
  for await (const row of samples.read()) rows.push(row);
  expect(samples.rows).toBe(rows.length);
  return rows;
};
const eventsOf = async (run: ReturnType<typeof start>): Promise<RunEvent[]> => {
  const events: RunEvent[] = [];
  run.events.subscribe((event) => events.push(event));
  await run.result();
  return events;
};

describe('generate', () => {
  it('continues each prompt so often, in order, and shows each sample as an event', async () => {
    const how = { prompts: ['Call me', 'é'], count: 3, tokens: 5 };
    const rows = await rowsOf(start(how));
    expect(rows.map((row) => row.prompt)).toEqual(['Call me', 'Call me', 'Call me', 'é', 'é', 'é']);
    expect(new Set(rows.map((row) => row.text)).size).toBeGreaterThan(1);
    for (const row of rows) expect(row.ended === 'end-of-text' || row.tokens === 5).toBe(true);
    const samples = (await eventsOf(start(how))).filter((event) => event.type === 'sample');
    expect(samples.map(({ prompt, text }) => `${prompt}|${text}`).toSorted()).toEqual(
      rows.map((row) => `${row.prompt}|${row.text}`).toSorted(),
    );
  });
  it('the same seed gives the same samples, another seed others', async () => {
    const texts = async (seed: number) =>
      (await rowsOf(start({ tokens: 30 }, { seed }))).map((row) => row.text).join('|');
    expect(await texts(4)).toBe(await texts(4));
    expect(await texts(4)).not.toBe(await texts(5));
  });
  it('ends before a stop string', async () => {
    const how = { prompts: ['x'], tokens: 40, sampler: [{ use: 'top-k' as const, k: 300 }] };
    const [whole] = await rowsOf(start(how));
    const stop = whole!.text.slice(3, 5);
    const [cut] = await rowsOf(start({ ...how, stop: [stop] }));
    expect(cut).toMatchObject({ ended: 'stop', text: whole!.text.slice(0, whole!.text.indexOf(stop)) });
  });
  it('says when the context ended a sample, and slides where asked', async () => {
    const how = { prompts: ['0123456789'], tokens: 3 * design.context, sampler: [{ use: 'top-k' as const, k: 1 }] };
    const events = await eventsOf(start(how, { scale: 0.5 }));
    expect(events.find((event) => event.type === 'warning')).toMatchObject({
      text: expect.stringContaining(`1 of 1 samples ended with the model's context of ${design.context} tokens`),
    });
    expect(await rowsOf(start({ ...how, atContextEnd: 'slide' }, { scale: 0.5 }))).toMatchObject([
      { ended: 'length', tokens: 3 * design.context },
    ]);
  });
  it('refuses a prompt that does not fit in the context, with what to do', async () => {
    await expect(start({ prompts: ['x'.repeat(design.context + 1)] }).result()).rejects.toThrow(
      `wanted at most ${design.context} tokens`,
    );
  });
  it('its options know the installed samplers only', () => {
    const wrong = (): unknown =>
      ingot.pipeline('wrong', (g) => {
        const { model } = g.add('a-model', {});
        // @ts-expect-error -- 'mirostat' is not installed
        return g.add('generate', { model }, { sampler: [{ use: 'mirostat' }] });
      });
    expect(wrong).toThrow(/mirostat/);
  });
});

describe('promptIds', () => {
  const chars = (characters: string[]) => loadTokenizer(tokenizerValue(charactersJson(characters, [])));
  it('an empty prompt is the end of another text, else a line break, else refused', () => {
    const tokenizer = loadTokenizer(bytes);
    expect(promptIds(tokenizer, '')).toEqual([tokenizer.endOfText]);
    expect(promptIds(tokenizer, END_OF_TEXT)).toHaveLength(END_OF_TEXT.length); // user text never becomes a control token
    expect(promptIds(chars(['\n', 'a']), '')).toEqual([0]);
    expect(() => promptIds(chars(['a', 'b']), '')).toThrow(/Give a prompt of at least one character/);
  });
});
