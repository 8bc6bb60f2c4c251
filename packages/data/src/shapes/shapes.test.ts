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
  it.each([
    [
      'a number for text',
      { prompt: 'a', completion: 3 },
      /one\.jsonl:1, 'completion': wanted a text or a list of messages, got number 3/,
    ],
    [
      'an unknown role',
      { messages: [user('a'), { role: 'observation', content: 'x' }] },
      /'messages\[1\]\.role': wanted a role of .*got 'observation'/,
    ],
    [
      'a tool call',
      { messages: [user('a'), { role: 'assistant', tool_calls: [{}] }] },
      /'messages\[1\]\.tool_calls': .*'tool_calls', which no example can hold/,
    ],
    [
      'a turn without content',
      { messages: [{ role: 'user', content: null }] },
      /'messages\[0\]\.content': wanted text .* got nothing/,
    ],
    ['an empty conversation', { messages: [] }, /'messages': wanted a list of turns .* got an empty list/],
    [
      'a label that is a text',
      { prompt: 'a', completion: 'b', label: 'good' },
      /'label': wanted true or false, got a text/,
    ],
    ['one answer', { prompt: 'a', completions: ['x'] }, /'completions': wanted two or more answers, got 1/],
    [
      'ranks for some',
      { prompt: 'a', completions: ['x', 'y'], ranks: [1] },
      /'ranks': wanted a number for each of the 2 answers, got 1/,
    ],
    [
      'a half round of history',
      { instruction: 'a', output: 'b', history: [['a']] },
      /'history\[0\]': wanted a pair of texts/,
    ],
    [
      'a text beside messages',
      { prompt: asked, chosen: [says('a')], rejected: 'b' },
      /'chosen': wanted all answers as texts or all as messages/,
    ],
    [
      'another prompt in the answers',
      { prompt: asked, chosen: [user('b'), says('a')], rejected: [user('b'), says('c')] },
      /'chosen': wanted the assistant's turn, or a conversation that begins with the prompt/,
    ],
    [
      'an answer by the user',
      { chosen: [user('a'), user('b')], rejected: [user('a'), user('c')] },
      /'chosen': wanted an answer that ends with the assistant's turn, got one that ends with the user's/,
    ],
    [
      'a part that is an image',
      { messages: [{ role: 'user', content: [{ type: 'image' }] }] },
      /'messages\[0\]\.content': wanted text/,
    ],
  ])('refuses %s', async (_, row, message) => {
    await expect(read(row)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(message) });
  });
});

describe('detection', () => {
  const examples: Wanted = [
    ['text', 'conversation', 'completion'],
    ['ranked', 'labelled'],
  ];
  it('takes what the stage wants of a row that can be read in two ways', async () => {
    const row = {
      prompt: ask,
      chosen: [...asked, says('x')],
      rejected: [...asked, says('y')],
      messages: [...asked, says('x')],
    };
    expect((await read(row, examples)).shape).toBe('messages');
    expect((await read(row, [['ranked']])).shape).toBe('preference');
  });
  it.each([
    [
      'an ambiguous row',
      { text: 'a', instruction: 'b', output: 'c' },
      examples,
      /wanted rows of one shape, got the columns text, instruction, output, which can be read as 'text' and 'alpaca'.*shape: 'text'/,
    ],
    [
      'an unknown row, with the shapes that would do and near misses',
      { promt: 'a', chosn: 'b', rejected: 'c' },
      [['ranked']],
      /wanted rows of a known shape, got the columns promt, chosn, rejected\. Known here: preference \{prompt, chosen, rejected.*'promt' looks like 'prompt'.*'chosn' looks like 'chosen'/,
    ],
    [
      'a shape that the stage cannot take',
      { text: 'a' },
      [['ranked']],
      /got 'text': the columns text\. Give another file, or use the stage that takes this one/,
    ],
    ['no columns at all', {}, examples, /got the columns none/],
  ] as const)('refuses %s', async (_, row, wanted, message) => {
    await expect(read(row, wanted)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message),
    });
  });
});
