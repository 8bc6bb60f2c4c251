// What is refused of rows, with the field, what was wanted and what was got; and which shape wins where a row fits several.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Wanted } from './detect.js';
import { shapedRows } from './shaped-rows.js';

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
const asked = [user('Where do whales sleep?')];
const ask = 'Where do whales sleep?';

describe('rows of a known shape', () => {
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
      'a labelled answer that ends with the user',
      { prompt: asked, completion: [says('a'), user('b')], label: true },
      /'completion': wanted an answer that ends with the assistant's turn, got the user's/,
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
