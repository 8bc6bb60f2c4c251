// Every shape of rows: what it is told by, and what its rows become. Cases are our own, by the field names of TRL's and LLaMA-Factory's documentation.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Wanted } from './detect.js';
import { shapedRows } from './shaped-rows.js';
import type { ShapedRow } from './shape.js';
import { SHAPE_NAMES, type ShapeName } from './table.js';

const folder = mkdtempSync(join(tmpdir(), 'ingot-shapes-'));
const ANY: Wanted = [['ranked'], ['text', 'conversation', 'prompt', 'completion', 'labelled']];
const read = async (row: object, wanted = ANY) => {
  const file = join(folder, 'one.jsonl');
  writeFileSync(file, JSON.stringify(row));
  const found = [];
  for await (const one of shapedRows([file], wanted, {})) found.push(one);
  return { shape: found[0]!.shape.name, rows: found.map(({ row: meaning }) => meaning) };
};

const user = (content: string) => ({ role: 'user' as const, content });
const says = (content: string) => ({ role: 'assistant' as const, content });
const system = (content: string) => ({ role: 'system' as const, content });
const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });
const asked = [user('Where do whales sleep?')];
const pair = (prompt: unknown, chosen: string, rejected: string) => ({
  gives: 'ranked',
  prompt,
  completions: [
    { text: chosen, rank: 0 },
    { text: rejected, rank: 1 },
  ],
});
const ask = 'Where do whales sleep?';

const CASES: readonly (readonly [string, ShapeName, object, unknown])[] = [
  ['text', 'text', { text: 'Call me.' }, { gives: 'text', text: 'Call me.' }],
  ['text with a weight', 'text', { text: 'a', weight: 0.5, id: 7 }, { gives: 'text', text: 'a', weight: 0.5 }],
  [
    'a conversation',
    'messages',
    { messages: [...asked, says('At sea.')] },
    { gives: 'conversation', messages: [...asked, says('At sea.')] },
  ],
  [
    'a conversation with weights, parts and a system prompt',
    'messages',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { ...says('c'), weight: 0 },
      ],
      system: 'Be brief.',
    },
    { gives: 'conversation', messages: [system('Be brief.'), user('ab'), { ...says('c'), weight: 0 }] },
  ],
  ['a prompt', 'prompt', { prompt: 'The sea is' }, { gives: 'prompt', prompt: 'The sea is' }],
  ['a conversational prompt', 'prompt', { prompt: asked }, { gives: 'prompt', prompt: asked }],
  [
    'a completion',
    'prompt-completion',
    { prompt: 'The sea is', completion: ' wide.' },
    { gives: 'completion', prompt: 'The sea is', completion: ' wide.' },
  ],
  [
    'a conversational completion',
    'prompt-completion',
    { prompt: asked, completion: [says('At sea.')] },
    { gives: 'completion', prompt: asked, completion: [says('At sea.')] },
  ],
  [
    'a preference',
    'preference',
    { prompt: 'The sea is', chosen: ' wide.', rejected: ' flat.' },
    pair('The sea is', ' wide.', ' flat.'),
  ],
  [
    'an implicit preference',
    'implicit-preference',
    { chosen: 'The sea is wide.', rejected: 'The sea is wild.' },
    pair('The sea is', ' wide.', ' wild.'),
  ],
  [
    'one that ends with the prompt',
    'implicit-preference',
    { chosen: 'The sea', rejected: 'The sea is' },
    pair('The sea', '', ' is'),
  ],
  [
    'a conversational preference',
    'preference',
    { prompt: asked, chosen: [says('At sea.')], rejected: [says('In bed.')] },
    pair(asked, 'At sea.', 'In bed.'),
  ],
  [
    'an implicit conversational one',
    'implicit-preference',
    { chosen: [...asked, says('At sea.')], rejected: [...asked, says('In bed.')] },
    pair(asked, 'At sea.', 'In bed.'),
  ],
  [
    'a prompt as text beside whole conversations, with scores and a margin',
    'preference',
    {
      prompt: ask,
      chosen: [...asked, says('At sea.')],
      rejected: [...asked, says('In bed.')],
      messages: [...asked, says('At sea.')],
      score_chosen: 8,
      score_rejected: 3,
      margin: 2,
    },
    {
      gives: 'ranked',
      prompt: asked,
      completions: [
        { text: 'At sea.', rank: 0, score: 8 },
        { text: 'In bed.', rank: 1, score: 3 },
      ],
      margin: 2,
      agrees: true,
    },
  ],
  [
    'whole conversations that lack the system turn of their prompt',
    'preference',
    { prompt: [system('s'), ...asked], chosen: [...asked, says('x')], rejected: [...asked, says('y')] },
    pair([system('s'), ...asked], 'x', 'y'),
  ],
  [
    'an unpaired preference',
    'unpaired',
    { prompt: 'The sea is', completion: ' wide.', label: true },
    { gives: 'labelled', prompt: 'The sea is', completion: ' wide.', label: true },
  ],
  [
    'a conversational one',
    'unpaired',
    { prompt: asked, completion: [says('In bed.')], label: false },
    { gives: 'labelled', prompt: asked, completion: 'In bed.', label: false },
  ],
  [
    'Alpaca with everything',
    'alpaca',
    {
      instruction: 'Translate.',
      input: 'whale',
      output: 'Wal',
      system: 'You know German.',
      history: [['Hi', 'Hello']],
    },
    {
      gives: 'conversation',
      messages: [system('You know German.'), user('Hi'), says('Hello'), user('Translate.\nwhale'), says('Wal')],
    },
  ],
  [
    'Alpaca with an empty input',
    'alpaca',
    { instruction: 'Go on.', input: '', output: 'Yes.' },
    { gives: 'conversation', messages: [user('Go on.'), says('Yes.')] },
  ],
  [
    "Alpaca's preference",
    'alpaca-preference',
    { instruction: 'a', input: 'b', chosen: 'c', rejected: 'd' },
    pair([user('a\nb')], 'c', 'd'),
  ],
  [
    "Alpaca's label",
    'alpaca-kto',
    { instruction: 'a', input: '', output: 'b', kto_tag: false },
    { gives: 'labelled', prompt: [user('a')], completion: 'b', label: false },
  ],
  [
    'ShareGPT',
    'sharegpt',
    { conversations: [{ from: 'system', value: 's' }, human('a'), gpt('b')], tools: '' },
    { gives: 'conversation', messages: [system('s'), user('a'), says('b')] },
  ],
  [
    "ShareGPT's preference",
    'sharegpt-preference',
    { conversations: [human('a'), gpt('b'), human('c')], system: 's', chosen: gpt('d'), rejected: gpt('e') },
    pair([system('s'), user('a'), says('b'), user('c')], 'd', 'e'),
  ],
  [
    "OpenAI's preference",
    'messages-preference',
    { messages: asked, chosen: says('At sea.'), rejected: says('In bed.') },
    pair(asked, 'At sea.', 'In bed.'),
  ],
  [
    "ShareGPT's label",
    'sharegpt-kto',
    { conversations: [human('a'), gpt('b')], kto_tag: 1 },
    { gives: 'labelled', prompt: [user('a')], completion: 'b', label: true },
  ],
  [
    "OpenAI's label",
    'messages-labelled',
    { messages: [...asked, says('At sea.')], label: true },
    { gives: 'labelled', prompt: asked, completion: 'At sea.', label: true },
  ],
  [
    'hh-rlhf',
    'hh-rlhf',
    {
      chosen: '\n\nHuman: a\n\nAssistant: b\n\nHuman: c: d?\n\nAssistant: yes',
      rejected: '\n\nHuman: a\n\nAssistant: b\n\nHuman: c: d?\n\nAssistant: no\nno',
    },
    pair([user('a'), says('b'), user('c: d?')], 'yes', 'no\nno'),
  ],
  [
    'hh-rlhf with identical answers',
    'hh-rlhf',
    { chosen: '\n\nHuman: a\n\nAssistant: b', rejected: '\n\nHuman: a\n\nAssistant: b' },
    pair([user('a')], 'b', 'b'),
  ],
  [
    'answers in an order',
    'ranked',
    { prompt: 'a', completions: ['best', 'second', 'worst'] },
    {
      gives: 'ranked',
      prompt: 'a',
      completions: [
        { text: 'best', rank: 0 },
        { text: 'second', rank: 1 },
        { text: 'worst', rank: 2 },
      ],
    },
  ],
  [
    'answers with ranks from 1, and ties',
    'ranked',
    { prompt: 'a', completions: ['x', 'y', 'z'], ranks: [3, 1, 3] },
    {
      gives: 'ranked',
      prompt: 'a',
      completions: [
        { text: 'y', rank: 0 },
        { text: 'x', rank: 2 },
        { text: 'z', rank: 2 },
      ],
    },
  ],
  [
    'answers with scores',
    'ranked',
    { prompt: asked, completions: [[says('x')], [says('y')]], scores: [0.1, 0.7] },
    {
      gives: 'ranked',
      prompt: asked,
      completions: [
        { text: 'y', rank: 0, score: 0.7 },
        { text: 'x', rank: 1, score: 0.1 },
      ],
      agrees: true,
    },
  ],
  [
    'ranks that contradict the scores',
    'ranked',
    {
      prompt: 'a',
      completions: [
        { text: 'x', rank: 0, score: 1 },
        { text: 'y', rank: 1, score: 5 },
      ],
    },
    {
      gives: 'ranked',
      prompt: 'a',
      completions: [
        { text: 'x', rank: 0, score: 1 },
        { text: 'y', rank: 1, score: 5 },
      ],
      agrees: false,
    },
  ],
];

describe('shapes', () => {
  it.each(CASES)('%s is %s', async (_, shape, row, meaning) => {
    expect(await read(row)).toEqual({ shape, rows: [meaning] });
  });
  it('has a case for every shape', () => {
    expect(new Set([...CASES.map(([, name]) => name), 'stepwise'])).toEqual(new Set(SHAPE_NAMES));
  });
  it('reads the steps of an answer, each after those before it', async () => {
    const { shape, rows } = await read({
      prompt: 'Which is larger, 0.9 or 0.11?',
      completions: ['Compare tenths.', '9 > 1.'],
      labels: [true, false],
    });
    expect(shape).toBe('stepwise');
    expect(rows).toEqual<ShapedRow[]>([
      { gives: 'labelled', prompt: 'Which is larger, 0.9 or 0.11?', completion: 'Compare tenths.', label: true },
      {
        gives: 'labelled',
        prompt: 'Which is larger, 0.9 or 0.11?\nCompare tenths.',
        completion: '9 > 1.',
        label: false,
      },
    ]);
  });
  it('marks answers that differ in more than their last turn', async () => {
    const { rows } = await read({
      chosen: [...asked, says('a'), user('b'), says('c')],
      rejected: [...asked, says('z')],
    });
    expect(rows).toMatchObject([{ apart: true, prompt: asked }]);
  });
});
