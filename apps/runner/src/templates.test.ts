// Every template of `ingot init` plans with the built-in plugins and runs to its outputs, shrunk to a moment, on the reference device.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { templates } from './commands/init.js';
import { fakeIo } from './fixtures/io.js';
import { main } from './main.js';

/** Chapters that give passages to both sides of the split. */
const CHAPTERS = '["chapter_1.txt","chapter_2.txt","chapter_3.txt","chapter_16.txt","epilogue.txt"]';
const small = ['design.layers=1', 'design.heads=1', 'design.width=8'];
const openings = ['openings.limit=20', 'openings.holdOut=0.4'];
// A model of one step writes no word of the list AFINN: its answers differ in length.
const tuning = [
  'feedback.reward={ use: length, unit: characters }',
  'sft.steps=1',
  'sft.samples=0',
  'feedback.samples=2',
  'feedback.tokens=12',
  'aligned.steps=1',
];
const aligned = [...openings, ...tuning, 'aligned.watch.samples=0', 'answers.limit=2', 'answers.tokens=2'];
const book = [`book.files=${CHAPTERS}`, 'tokenizer.vocabSize=300', ...small];

/** What shrinks each template. A template without a row here fails. */
const SHRUNK: Readonly<Record<string, readonly string[]>> = {
  align: [...book, 'base.steps=1', ...aligned],
  arithmetic: [
    ...small,
    'sums.examples=40',
    'sums.prompts=30',
    'sums.questions=8',
    'base.steps=1',
    'base.batch=2',
    'sft.steps=1',
    'practised.steps=1',
    'practised.batch=2',
    'practised.watch.samples=2',
    'examined.limit=4',
  ],
  life: [...book, 'base.steps=1', 'base.sampleTokens=2', ...aligned, 'samples.tokens=2'],
  'moby-dick': [...book, 'model.steps=1', 'model.sampleTokens=2', 'samples.tokens=2'],
  'sft-chat': ['tokenizer.vocabSize=300', ...small, 'base.steps=1', 'base.batch=2', 'sft.steps=1', 'sft.samples=0'],
  'text-file': ['tokenizer.vocabSize=300', ...small, 'model.steps=1', 'model.batch=2', 'samples.tokens=2'],
};

/** Files that templates ask the user for, where this process, whose working folder is another, finds them. */
const giveFiles = (folder: string): Readonly<Record<string, readonly string[]>> => {
  const [text, conversations] = [join(folder, 'my-text.txt'), join(folder, 'my-conversations.jsonl')];
  const lines = Array.from({ length: 60 }, (_, i) => `The whale of line ${i} swims by, and ${i} men look after it.`);
  writeFileSync(text, lines.join('\n'));
  const talks = lines.slice(0, 20).map((content, i) => ({
    messages: [
      { role: 'user', content: `What of whale ${i}?` },
      { role: 'assistant', content },
    ],
  }));
  writeFileSync(conversations, talks.map((row) => JSON.stringify(row)).join('\n'));
  return { 'sft-chat': [`corpus.path=${text}`, `talks.path=${conversations}`], 'text-file': [`corpus.path=${text}`] };
};

test.each(templates())('$name: $about', async ({ name, about, path }) => {
  expect(about).not.toBe('');
  const env = { INGOT_DEVICE: 'reference' };
  const io = fakeIo({ env });
  const given = giveFiles(io.cwd);
  const ingot = async (command: string, ...argv: string[]) => {
    const own = fakeIo({ cwd: io.cwd, env });
    const code = await main([command, ...argv], own);
    expect(
      code,
      own.stderr() ||
        own
          .stdout()
          .slice(0, -1)
          .split('\n')
          .find((line) => line.includes('"error"')),
    ).toBe(0);
    return own;
  };
  await ingot('init', name);
  const sets = [...(given[name] ?? []), ...(SHRUNK[name] ?? [])].flatMap((set) => ['--set', set]);
  await ingot('plan', `${name}.yaml`, ...sets);
  const ran = await ingot('run', `${name}.yaml`, '--inline', '--json', ...sets);
  const { stages } = parse(readFileSync(path, 'utf8')) as { stages: object };
  const made = ran.jsonLines().filter(({ type }) => type === 'stage-end');
  expect(made.map(({ stage }) => stage).toSorted()).toEqual(Object.keys(stages).toSorted());
});
